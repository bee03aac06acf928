import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Page } from 'playwright-core'
import type { AdaptiveCard } from '../../../src/teams/card/elements.ts'
import { wrongIn as wrongInMessage } from '../../teams/wrongIn.ts'
import { browserAt, switches } from '../sandboxPage.ts'
import { cardsIn } from './teamsDrawn.ts'
import { hostConfigOf, styleOf, type Theme } from './teamsHost.ts'
import { wrongIn } from './wrongIn.ts'

/** A message as it is sent. */
export interface SentToTeams {
  readonly summary: string
  readonly card: AdaptiveCard
}

export type Pictured<T> = Readonly<Record<string, T>>

/**
 * Microsoft's package draws cards in a page that looks like Teams, as wide as a desktop's conversation and, in the dark, a phone's. All of one
 * name stands on one picture, each as it is different from the others. Resolves to what is wrong.
 */
export interface TeamsStudio {
  messages(name: string, sent: Pictured<SentToTeams>): Promise<readonly string[]>
  /** The text of a card as people read it. */
  textOf(card: AdaptiveCard): Promise<string>
  close(): Promise<void>
}

interface Screen {
  readonly name: string
  readonly page: Page
}

const picturesAt = 'test-results/pictures'
/** Pixels: of a browser, there are pictures of at most 16,384. */
const tallest = 10_000
const atOnce = 8

export async function openTeamsStudio(): Promise<TeamsStudio> {
  const browser = await chromium.launch({ executablePath: browserAt, args: switches.split(' ') })
  mkdirSync(picturesAt, { recursive: true })
  const opened = async (name: string, theme: Theme, width: number, columns: number): Promise<Screen> => {
    const viewport = { width: columns * (width + 12) + 12, height: 800 }
    const page = await (await browser.newContext({ viewport })).newPage()
    await page.setContent(pageOf(theme, width))
    await page.addScriptTag({ content: packageText() })
    return { name, page }
  }
  const screens = [
    await opened('desktop', 'light', 700, 2),
    await opened('desktop dark', 'dark', 700, 2),
    await opened('phone', 'dark', 360, 4),
  ]
  return {
    async messages(name, sent) {
      const refused = Object.entries(sent).flatMap(([which, one]) =>
        wrongInMessage(one).map((wrong) => `${which}: ${wrong}`),
      )
      const all = different(sent)
      const found: string[] = []
      for (const { name: screen, page } of screens) {
        const theme = screen === 'desktop' ? 'light' : 'dark'
        const draw = (some: typeof all) =>
          page.evaluate(cardsIn, {
            config: hostConfigOf(theme),
            cards: some.map(([which, { card }]) => ({ which, card })),
          })
        let part = 0
        let height = 0
        const take = async () => {
          if (height === 0) return
          part += 1
          const path = `${picturesAt}/Teams ${name}${part > 1 ? ` ${part}` : ''} ${screen}.png`
          await page.locator('#sheet').screenshot({ path })
          await page.evaluate(() => document.querySelector('#sheet')?.replaceChildren())
          height = 0
        }
        for (let from = 0; from < all.length; from += atOnce) {
          height = await draw(all.slice(from, from + atOnce))
          const wrong = await page.locator('#sheet').evaluate(wrongIn)
          found.push(...wrong.map((one) => `${name}, on a ${screen}: ${one}`))
          if (height > tallest) await take()
        }
        await take()
      }
      return [...refused, ...new Set(found)]
    },
    async textOf(card) {
      const [{ page }] = screens as [Screen, ...Screen[]] // three were opened
      await page.evaluate(cardsIn, { config: hostConfigOf('light'), cards: [{ which: '', card }] })
      const text = await page.locator('#sheet .card').innerText()
      await page.evaluate(() => document.querySelector('#sheet')?.replaceChildren())
      return text
    },
    close: () => browser.close(),
  }
}

function pageOf(theme: Theme, width: number): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><style>:root { --width: ${width}px } ${styleOf(theme)}</style><div id="sheet"></div></html>`
}

function packageText(): string {
  return readFileSync(createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.js'), 'utf8')
}

/** Each once, by its first name: many situations have the same reminder. */
function different(sent: Pictured<SentToTeams>): readonly (readonly [string, SentToTeams])[] {
  const all = Object.entries(sent)
  return all.filter(([, one], nth) => {
    const drawn = JSON.stringify(one.card)
    return all.findIndex(([, other]) => JSON.stringify(other.card) === drawn) === nth
  })
}
