import { mkdirSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type ServerProcess, startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

/** Debian's, or whatever CHROMIUM names. The switches keep it from calling home. */
export const browserAt = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const switches =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** The built server with its sandbox and a browser, for the tests of one file. */
export interface SandboxTests {
  readonly url: () => string
  /** Of the server, for commands beside it. */
  readonly dataDir: string
  /** A page of a browser that remembers nothing. It is closed after the test, which fails on an error of the page. */
  readonly open: (options?: BrowserContextOptions) => Promise<SandboxPage>
}

export interface SandboxPage {
  readonly page: Page
  readonly by: (testId: string) => Locator
  /** What the browser will complain about in this test, such as a request that is refused. */
  readonly expectTrouble: (pattern: RegExp) => void
  readonly shot: (name: string) => Promise<unknown>
  /** Loads the place anew, as this member. `place`: a conversation, or `home`. */
  readonly visit: (member: string, place: string) => Promise<void>
  /** Becomes somebody else, as a person does. */
  readonly become: (member: string) => Promise<void>
  /** On a phone, shows one of the three columns; elsewhere all of them are there. */
  readonly column: (name: 'Workspace' | 'Conversation' | 'Agent') => Promise<void>
  /** Sends an example as the agent; `body` instead of its own. */
  readonly send: (example: string, body?: unknown) => Promise<void>
  /** The newest card with this button. */
  readonly card: (action?: string) => Locator
  readonly press: (action: string) => Promise<void>
  /** Opens the card's menu and chooses from it. */
  readonly choose: (item: string) => Promise<void>
}

/** Registers the hooks; to be called once, at the top of a file. */
export function sandboxTests(): SandboxTests {
  const data = temporaryDataDir()
  let server: ServerProcess
  let browser: Browser
  let url: string
  const troubles: string[] = []
  const expected: RegExp[] = []

  beforeAll(async () => {
    server = startServerProcess({ PORT: '0', DATA_DIR: data.path, LOG_LEVEL: 'warn' })
    url = await server.url
    browser = await chromium.launch({ executablePath: browserAt, args: switches.split(' ') })
    mkdirSync('test-results', { recursive: true })
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    const patterns = expected.splice(0)
    expect(troubles.splice(0).filter((one) => !patterns.some((pattern) => pattern.test(one)))).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    expect(await server.stop()).toBe(0)
    data.remove()
  })

  return {
    url: () => url,
    dataDir: data.path,
    async open(options) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 960 }, ...options })
      const page = await context.newPage()
      page.on('pageerror', (error) => troubles.push(error.message))
      page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
      await page.goto(url)
      return {
        ...sandboxPage(page, `${url}/sandbox/`),
        expectTrouble: (pattern) => expected.push(pattern),
      }
    },
  }
}

function sandboxPage(page: Page, url: string): Omit<SandboxPage, 'expectTrouble'> {
  const by = (id: string) => page.locator(`[data-testid="${id}"]`)
  const column: SandboxPage['column'] = async (name) => {
    const button = page.locator('.columns button', { hasText: name })
    await by('member-switcher').waitFor({ state: 'attached' })
    if (await button.isVisible()) await button.click()
  }
  const card: SandboxPage['card'] = (action = 'approve') =>
    by('message')
      .filter({ has: page.locator(`[data-action-id="${action}"]`) })
      .last()
  return {
    page,
    by,
    column,
    card,
    shot: (name) => page.screenshot({ path: `test-results/${name}.png` }),
    async visit(member, place) {
      await page.goto(`${url}#as=${member}&in=${place}`)
      await page.reload()
      await page
        .locator(`[data-testid="member-switcher"][data-viewer="${member}"]`)
        .waitFor({ state: 'attached' })
    },
    async become(member) {
      await column('Workspace')
      await by('member-switcher').click()
      await by(`member-${member}`).click()
      await page.locator(`[data-testid="member-switcher"][data-viewer="${member}"]`).waitFor()
    },
    async send(example, body) {
      await column('Agent')
      await by('agent-example').selectOption({ label: example })
      if (body !== undefined) {
        await page.locator('.request-body summary').click()
        await by('agent-body').fill(JSON.stringify(body))
      }
      await by('agent-send').click()
      await page.locator('[data-testid="agent-state"]:not([data-state="asking"])').waitFor()
    },
    async press(action) {
      await column('Conversation')
      await card(action).locator(`[data-action-id="${action}"]`).click()
    },
    async choose(item) {
      await column('Conversation')
      await card('more').locator('[data-action-id="more"]').click()
      await by('menu-item').filter({ hasText: item }).click()
    },
  }
}
