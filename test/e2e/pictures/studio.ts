import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HomeView, KnownBlock, ModalView } from '@slack/types'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { createSandbox } from '../../../src/sandbox/routes.ts'
import { acme, sandboxScopes } from '../../../src/sandbox/seed.ts'
import { checkMessageBlocks, checkView } from '../../../src/sandbox/slack/blocks/check.ts'
import { addMessage } from '../../../src/sandbox/slack/messages.ts'
import { createLocalSlack, type LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { closeModals, openModal, publishHome } from '../../../src/sandbox/slack/views.ts'
import { acmeTeams } from '../../../src/sandbox/teams/seed.ts'
import { createLocalTeams } from '../../../src/sandbox/teams/server.ts'
import { browserAt, switches } from '../sandboxPage.ts'
import { desktop, phone } from '../sandboxViews.ts'
import { addToSheet, clearSheet } from './sheet.ts'
import { wrongIn } from './wrongIn.ts'

/** A message as it is sent. */
export interface Sent {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

/** By what each is called. */
export type Pictured<T> = Readonly<Record<string, T>>

/**
 * The page of the sandbox over a local Slack behind which nobody is: what is put there is drawn as Slack would get it, at the width
 * of a desktop, and at that of a phone in the dark. All of one name stands on one picture. Each resolves to what is wrong.
 */
export interface Studio {
  messages(name: string, sent: Pictured<Sent>): Promise<readonly string[]>
  windows(name: string, opened: Pictured<ModalView>): Promise<readonly string[]>
  homes(name: string, published: Pictured<HomeView>): Promise<readonly string[]>
  close(): Promise<void>
}

interface Screen {
  readonly name: string
  readonly page: Page
}

const picturesAt = 'test-results/pictures'
const viewer = 'U0BOB'
const place = 'C0GENERAL'
const modal = '#root [data-testid="modal"]'
const home = '#root [data-testid="home"]'
const limits = { recentBlocks: true }
/** Pixels: of a browser, there are pictures of at most 16,384. */
const tallest = 10_000
/** Messages that are posted at once. */
const atOnce = 10
/** Slack's advice for the text of a message; it takes ten times as much. */
const longestText = 4_000

export async function openStudio(): Promise<Studio> {
  const { slack, url, close } = await serve()
  const browser = await chromium.launch({ executablePath: browserAt, args: switches.split(' ') })
  mkdirSync(picturesAt, { recursive: true })
  const at = (open: string) => `${url}/sandbox/#as=${viewer}&in=${open}`
  const opened = async (name: string, options: BrowserContextOptions) => {
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(at(place))
    const column = page.locator('.columns button', { hasText: 'Conversation' })
    await page.locator('[data-testid="member-switcher"]').waitFor({ state: 'attached' })
    if (await column.isVisible()) await column.click()
    return { name, page }
  }
  const screens = [
    await opened('desktop', { viewport: desktop }),
    await opened('phone', { viewport: phone, colorScheme: 'dark' }),
  ]
  const goTo = (open: string) => Promise.all(screens.map(({ page }) => page.goto(at(open))))
  const { workspace } = slack
  return {
    async messages(name, sent) {
      const sheets = sheetsOf(screens, name)
      const found = Object.entries(sent).flatMap(([which, one]) => refusedOf(which, one))
      const all = different(sent)
      await goTo(place)
      for (let from = 0; from < all.length; from += atOnce) {
        const some = all.slice(from, from + atOnce)
        post(slack, some)
        const caption = `${name}, from ${some[0]?.[0]}`
        found.push(...(await sheets.add(caption, { drawn: '#root .log', marker: newest(slack) })))
        await sheets.makeRoom()
      }
      await sheets.end()
      return found
    },
    async windows(name, opened) {
      const sheets = sheetsOf(screens, name)
      const found: string[] = []
      for (const [which, view] of Object.entries(opened))
        found.push(...checkView(view, limits).map((one) => `${which}: ${one}`))
      for (const [which, view] of differentWindows(opened)) {
        openModal(workspace, limits, { owner: viewer, view })
        found.push(...(await sheets.add(`${name}, ${which}`, { drawn: modal, marker: modal })))
        closeModals(workspace, viewer, 'all')
        await gone(screens, modal)
        await sheets.makeRoom()
      }
      await sheets.end()
      return found
    },
    async homes(name, published) {
      const sheets = sheetsOf(screens, name)
      const found: string[] = []
      await goTo('home')
      for (const [which, view] of Object.entries(published)) {
        found.push(...checkView(view, limits).map((one) => `${which}: ${one}`))
        publishHome(workspace, limits, { owner: viewer, hash: undefined, view })
        const marker = `${home} .blocks`
        found.push(...(await sheets.add(`${name}, ${which}`, { drawn: home, marker })))
        workspace.homes.delete(viewer)
        workspace.changed()
        await gone(screens, marker)
        await sheets.makeRoom()
      }
      await sheets.end()
      return found
    },
    async close() {
      await browser.close()
      await close()
    },
  }
}

function gone(screens: readonly Screen[], selector: string): Promise<unknown> {
  return Promise.all(screens.map(({ page }) => page.locator(selector).waitFor({ state: 'detached' })))
}

/** What is drawn is copied one below the other; pictures of them are taken when nothing lies over the page. */
function sheetsOf(screens: readonly Screen[], name: string) {
  let taken = 0
  let height = 0
  const take = async () => {
    taken += 1
    height = 0
    const part = taken > 1 ? ` ${taken}` : ''
    await Promise.all(
      screens.map(async ({ name: screen, page }) => {
        await page.locator('#sheet').screenshot({ path: `${picturesAt}/${name}${part} ${screen}.png` })
        await page.evaluate(clearSheet)
      }),
    )
  }
  return {
    async add(caption: string, { drawn, marker }: { readonly drawn: string; readonly marker: string }) {
      const added = await Promise.all(
        screens.map(async ({ name: screen, page }) => {
          await page.locator(marker).waitFor()
          const element = page.locator(drawn)
          const wrong = await element.evaluate(wrongIn)
          height = Math.max(height, await element.evaluate(addToSheet, { caption }))
          return wrong.map((one) => `${caption}, on a ${screen}: ${one}`)
        }),
      )
      return added.flat()
    },
    async makeRoom(): Promise<void> {
      if (height > tallest) await take()
    },
    async end(): Promise<void> {
      if (height > 0) await take()
    },
  }
}

/** Each once: many situations have the same reminder. */
function different(sent: Pictured<Sent>): readonly (readonly [string, Sent])[] {
  const drawn = ({ text, blocks }: Sent) => (blocks.length > 0 ? JSON.stringify(blocks) : text)
  return [...new Map(Object.entries(sent).map((one) => [drawn(one[1]), one])).values()]
}

/** Each once: many requests have the same reasons. */
function differentWindows(opened: Pictured<ModalView>): readonly (readonly [string, ModalView])[] {
  const drawn = ({ title, submit, blocks }: ModalView) => JSON.stringify([title, submit, blocks])
  return [...new Map(Object.entries(opened).map((one) => [drawn(one[1]), one])).values()]
}

/** What Slack would refuse, or cut off. */
function refusedOf(which: string, { text, blocks }: Sent): string[] {
  const tooLong = [...text].length > longestText ? [`its text has ${[...text].length} characters`] : []
  return [...checkMessageBlocks(blocks, limits), ...tooLong].map((one) => `${which}: ${one}`)
}

/** Each below a line of somebody else that says what it is. */
function post({ workspace }: LocalSlack, sent: readonly (readonly [string, Sent])[]): void {
  const conversation = workspace.conversations.get(place)
  if (!conversation) throw new Error('the seed has this channel')
  workspace.messages.set(place, [])
  for (const [which, { text, blocks }] of sent) {
    addMessage(workspace, { conversation, user: viewer }, { text: which, blocks: [] })
    addMessage(
      workspace,
      { conversation, user: workspace.app.botUserId },
      { text, blocks: JSON.parse(JSON.stringify(blocks)) },
    )
  }
}

function newest({ workspace }: LocalSlack): string {
  return `#root [data-ts="${workspace.messages.get(place)?.at(-1)?.ts}"]`
}

async function serve() {
  const server = createServer((request, response) => void sandbox.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP
  const slack = createLocalSlack({
    origin: url,
    delivery: { mode: 'http', url: 'http://127.0.0.1:1/', signingSecret: 'nobody' },
    botToken: 'xoxb-studio',
    appToken: 'xapp-studio',
    scopes: sandboxScopes,
    seed: acme,
    now: Date.now,
  })
  const sandbox = createSandbox({
    slack,
    teams: createLocalTeams({
      origin: url,
      appUrl: 'http://127.0.0.1:1/',
      secret: null,
      seed: acmeTeams,
      now: Date.now,
    }),
    pageDirectory: 'dist/sandbox/page',
    warehouse: async () => null,
    agents: async () => ({ agents: [], examples: [] }),
    audit: { report: async () => '', verify: async () => '' },
  })
  const close = async () => {
    await sandbox.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { slack, url, close }
}
