import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds: `rule selector: what is wrong`. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations: found } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run()
    return found.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any, all, none }) => {
        const [why] = [...any, ...all, ...none]
        return `${id} ${target.join(' ')}: ${why?.message}`
      }),
    )
  })
}

/** Everything that has to be scrolled sideways, the page included. */
export function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [
      document.documentElement,
      ...document.querySelectorAll<HTMLElement>(
        '.messages, .message, .dialog, .dialog-body, .agent-scroll, .sidebar-scroll, .switcher-list, .menu',
      ),
    ]
      .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
      .map(
        (element) =>
          `${element.tagName} ${element.className}: ${element.scrollWidth} in ${element.clientWidth}`,
      ),
  )
}
