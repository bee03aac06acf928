import { mkdirSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ServerProcess, startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

/** Debian's, or whatever CHROMIUM names. The switches keep it from calling home. */
const browserAt = process.env.CHROMIUM ?? '/usr/bin/chromium'
const switches =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

const data = temporaryDataDir()
let server: ServerProcess
let browser: Browser
let page: Page
let url: string
const troubles: string[] = []

beforeAll(async () => {
  server = startServerProcess({ PORT: '0', DATA_DIR: data.path, LOG_LEVEL: 'warn' })
  url = await server.url
  browser = await chromium.launch({ executablePath: browserAt, args: switches.split(' ') })
  mkdirSync('test-results', { recursive: true })
})

afterAll(async () => {
  await browser?.close()
  expect(await server.stop()).toBe(0)
  data.remove()
})

beforeEach(async () => {
  await page?.close()
  page = await browser.newPage({ viewport: { width: 1440, height: 960 } })
  troubles.length = 0
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  await page.goto(url)
})

const by = (id: string) => page.locator(`[data-testid="${id}"]`)
const shot = (name: string) => page.screenshot({ path: `test-results/${name}.png` })

async function become(member: string): Promise<void> {
  await by('member-switcher').click()
  await by(`member-${member}`).click()
}

async function send(example: string, conversation: string): Promise<void> {
  await by('agent-example').selectOption({ label: example })
  await by('agent-send').click()
  await by(`conversation-${conversation}`).click()
}

const card = () =>
  by('message')
    .filter({ has: page.locator('[data-action-id="approve"]') })
    .last()
const approve = () => card().locator('[data-action-id="approve"]')

async function approveAs(member: string): Promise<void> {
  await become(member)
  await approve().click()
  await by('confirm-ok').click()
}

describe('the first minute', () => {
  test('asked, refused as the initiator, approved by two others, and the agent is released', async () => {
    await send('Export customers, with e-mail addresses', 'C0DATA')
    await approve().waitFor()
    await shot('1-card-pending')

    await approveAs('U0ALICE')
    await page.getByText('You are behind this action').waitFor()
    expect(await by('agent-state').first().textContent()).toContain('pending')
    await shot('2-refused')

    await approveAs('U0BOB')
    await page.getByText('Bob Okafor').nth(1).waitFor()
    await shot('3-one-of-two')
    await approveAs('U0PRIYA')

    await expect.poll(() => by('agent-state').first().textContent()).toContain('approved')
    await page.getByText('Approved: db.export').waitFor()
    expect(await page.locator('[data-action-id="approve"]').count()).toBe(0)
    await shot('4-approved')
    expect(troubles).toEqual([])
  })

  test('denied with a reason, which the agent gets', async () => {
    await send('Export customers, with e-mail addresses', 'C0DATA')
    await become('U0BOB')
    await card().locator('[data-action-id="deny"]').click()
    await by('modal-submit').waitFor()
    await shot('5-deny-modal')
    await by('modal').locator('textarea').fill('Use the anonymised table instead.')
    await by('modal-submit').click()
    await expect.poll(() => by('agent-state').first().textContent()).toContain('denied')
    expect(await by('agent-reason').first().textContent()).toContain('Use the anonymised table instead.')
    await shot('6-denied')
    expect(troubles).toEqual([])
  })
})
