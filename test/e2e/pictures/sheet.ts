/** Above what is drawn, what it is. */
export interface Caption {
  readonly caption: string
}

/**
 * Copies what is drawn to the end of the sheet, with all of it shown and what was entered in it. Gives the height of the sheet in
 * pixels. Runs in the browser, so it may use nothing from outside.
 */
export function addToSheet(drawn: Element, { caption }: Caption): number {
  const sheet = document.querySelector('#sheet') ?? document.createElement('div')
  if (!sheet.isConnected) {
    sheet.id = 'sheet'
    const style = document.createElement('style')
    // Over the page; what scrolls or floats there stands in full here.
    style.textContent = `
      #sheet { position: absolute; z-index: 99; top: 0; left: 0; display: flex; flex-wrap: wrap; gap: 12px;
        width: 100vw; padding: 12px; box-sizing: border-box; background: var(--paper-3); align-items: flex-start }
      #sheet figure { max-width: 100%; margin: 0; background: var(--paper) }
      #sheet figcaption { padding: 4px; font-size: 12px; overflow-wrap: anywhere }
      #sheet dialog { position: static; width: auto; max-height: none; margin: 0; box-shadow: none }
      #sheet .messages { overflow: visible }`
    document.head.append(style)
    document.body.append(sheet)
  }
  const copy = drawn.cloneNode(true) as HTMLElement // of an element there is no other copy
  for (const one of [copy, ...copy.querySelectorAll('[data-testid], [data-ts]')]) {
    one.removeAttribute('data-testid')
    one.removeAttribute('data-ts')
  }
  const chosen = drawn.querySelectorAll('select')
  for (const [nth, one] of copy.querySelectorAll('select').entries())
    one.selectedIndex = chosen[nth]?.selectedIndex ?? -1
  const figure = document.createElement('figure')
  const label = document.createElement('figcaption')
  label.textContent = caption
  figure.style.width = `${drawn.getBoundingClientRect().width}px`
  figure.append(label, copy)
  sheet.append(figure)
  return sheet.getBoundingClientRect().height
}

/** Runs in the browser. */
export function clearSheet(): void {
  document.querySelector('#sheet')?.replaceChildren()
}
