/** What is drawn wrongly within an element: runs in the browser, so it may use nothing from outside. */
export function wrongIn(root: Element): string[] {
  const found: string[] = []
  for (const one of root.querySelectorAll('.undrawn')) found.push(one.textContent ?? 'undrawn')
  const right = Math.min(window.innerWidth, root.getBoundingClientRect().right) + 1
  for (const one of root.querySelectorAll('*')) {
    const words = (one.textContent ?? '').trim().slice(0, 60)
    const scrolls = one.closest('pre, .block-table, select, .menu') !== null
    if (words === '' || scrolls) continue
    if (one.getBoundingClientRect().right > right) found.push(`beyond the edge: ${one.tagName} ${words}`)
    const { overflowX, textOverflow } = getComputedStyle(one)
    const isCut = one.scrollWidth > one.clientWidth + 1 && overflowX !== 'visible'
    if (isCut || (textOverflow === 'ellipsis' && isCut)) found.push(`cut: ${one.tagName} ${words}`)
  }
  return [...new Set(found)]
}
