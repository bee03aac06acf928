import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KnownBlock, ModalView } from '@slack/types'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createSandbox } from '../../../src/sandbox/routes.ts'
import { acme, sandboxScopes } from '../../../src/sandbox/seed.ts'
import { checkMessageBlocks, checkView } from '../../../src/sandbox/slack/blocks/check.ts'
import { addMessage } from '../../../src/sandbox/slack/messages.ts'
import { createLocalSlack, type LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { closeModals, openModal } from '../../../src/sandbox/slack/views.ts'
import { browserAt, switches } from '../sandboxPage.ts'
import { desktop, phone } from '../sandboxViews.ts'
import { wrongIn } from './wrongIn.ts'

/** A message as it is sent. */
export interface Sent {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

/** By what each is called. */
export type Pictured<T> = Readonly<Record<string, T>>

/** The page of the sandbox over a local Slack behind which nobody is: what is put there is drawn as Slack would get it. */
export interface Studio {
  /** Takes pictures of them below each other. Resolves to what is wrong with them. */
  messages(name: string, sent: Pictured<Sent>): Promise<readonly string[]>
  /** Takes a picture of each. */
  windows(name: string, opened: Pictured<ModalView>): Promise<readonly string[]>
  close(): Promise<void>
}

interface Screen {
  readonly name: string
  readonly page: Page
}

const picturesAt = 'test-results/pictures'
const viewer = 'U0BOB'
const place = 'C0GENERAL'
const modal = '[data-testid="modal"]'
const limits = { recentBlocks: true }
/** Pixels: of a browser, there are pictures of at most 16,384. */
const tallest = 16_000
/** So many messages have room in it, on a phone, too. */
const inOnePicture = 10
/** Slack's advice for the text of a message; it takes ten times as much. */
const longestText = 4_000

export async function openStudio(): Promise<Studio> {
  const { slack, url, close } = await serve()
  const browser = await chromium.launch({ executablePath: browserAt, args: switches.split(' ') })
  mkdirSync(picturesAt, { recursive: true })
  const at = `${url}/sandbox/#as=${viewer}&in=${place}`
  const screens = [
    { name: 'desktop', page: await pageOf(browser, desktop.width, at) },
    { name: 'phone', page: await pageOf(browser, phone.width, at) },
  ]
  return {
    async messages(name, sent) {
      const found = Object.entries(sent).flatMap(([which, one]) => refusedOf(which, one))
      const all = different(sent)
      for (let from = 0; from < all.length; from += inOnePicture) {
        post(slack, all.slice(from, from + inOnePicture))
        const part = all.length > inOnePicture ? ` ${1 + from / inOnePicture}` : ''
        found.push(...(await take(screens, `${name}${part}`, { drawn: '.log', marker: newest(slack) })))
      }
      return found
    },
    async windows(name, opened) {
      const found: string[] = []
      for (const [which, view] of Object.entries(opened)) {
        found.push(...checkView(view, limits).map((one) => `${which}: ${one}`))
        closeModals(slack.workspace, viewer, 'all')
        await Promise.all(screens.map(({ page }) => page.locator(modal).waitFor({ state: 'detached' })))
        openModal(slack.workspace, limits, { owner: viewer, view })
        found.push(...(await take(screens, `${name}, ${which}`, { drawn: modal, marker: modal })))
      }
      closeModals(slack.workspace, viewer, 'all')
      return found
    },
    async close() {
      await browser.close()
      await close()
    },
  }
}

async function pageOf(browser: Browser, width: number, at: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: tallest } })
  await page.goto(at)
  const column = page.locator('.columns button', { hasText: 'Conversation' })
  await page.locator('[data-testid="member-switcher"]').waitFor({ state: 'attached' })
  if (await column.isVisible()) await column.click()
  await page.locator('[data-testid="messages"]').waitFor()
  return page
}

async function take(
  screens: readonly Screen[],
  name: string,
  { drawn, marker }: { readonly drawn: string; readonly marker: string },
): Promise<readonly string[]> {
  const found = await Promise.all(
    screens.map(async (screen) => {
      await screen.page.locator(marker).waitFor()
      const element = screen.page.locator(drawn)
      const wrong = await element.evaluate(wrongIn)
      await element.screenshot({ path: `${picturesAt}/${name} ${screen.name}.png` })
      return wrong.map((one) => `${name}, on a ${screen.name}: ${one}`)
    }),
  )
  return found.flat()
}

/** Each once: many situations have the same reminder. */
function different(sent: Pictured<Sent>): readonly (readonly [string, Sent])[] {
  return [...new Map(Object.entries(sent).map((one) => [JSON.stringify(one[1].blocks), one])).values()]
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
  return `[data-ts="${workspace.messages.get(place)?.at(-1)?.ts}"]`
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
