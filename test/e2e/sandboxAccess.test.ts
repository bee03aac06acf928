import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { sandboxTests } from './sandboxPage.ts'
import { card, desktop, exportTitle, phone, sendAll, thread } from './sandboxViews.ts'

const sandbox = sandboxTests()

beforeAll(async () => sendAll(await sandbox.open()))

describe('the focus', () => {
  test('is drawn where the system chooses the colours, on everything that takes it', async () => {
    const at = await sandbox.open({ viewport: desktop, forcedColors: 'active' })
    await card(at, 'U0BOB', 'C0DATA')
    const seen = new Map<string, boolean>()

    for (let i = 0; i < 60; i += 1) {
      await at.page.keyboard.press('Tab')
      if (await at.page.evaluate(() => document.activeElement === document.body)) continue // the browser's own controls
      const { name, drawn } = await at.page.evaluate(() => {
        const element = document.activeElement ?? document.body
        // Around what one writes in, the whole field is marked.
        const marked = element.matches('.composer textarea') ? element.closest('.composer') : element
        const { outlineStyle, outlineWidth } = getComputedStyle(marked ?? element)
        const name = element.getAttribute('data-testid') ?? element.textContent ?? ''
        return { name, drawn: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 }
      })
      seen.set(name, drawn)
    }

    expect(seen.size).toBeGreaterThan(15)
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining(['member-switcher', 'composer', 'messages', 'agent-send']),
    )
    expect([...seen].filter(([, drawn]) => !drawn)).toEqual([])
    await at.shot('forced colours')
  })

  test('goes into a menu and back to its button, whichever way it is closed', async () => {
    const at = await sandbox.open()
    await card(at, 'U0BOB', 'C0DATA')
    const more = at.card('more').locator('[data-action-id="more"]')

    await more.press('Enter')
    expect(await focused(at.page)).toBe('menu-item')
    await at.page.keyboard.press('End')
    await at.page.keyboard.press('ArrowDown')
    expect(await at.page.evaluate(() => document.activeElement?.textContent)).toBe('Full request')
    await at.page.keyboard.press('Escape')
    expect(await at.by('menu-item').count()).toBe(0)
    expect(await hasFocus(more)).toBe(true)

    await at.by('member-switcher').press('Enter')
    expect(await focused(at.page)).toBe('member-U0BOB') // who one is
    await at.page.keyboard.press('ArrowDown')
    await at.page.keyboard.press('Enter')
    await at.page.locator('[data-viewer="U0PRIYA"]').waitFor()
    expect(await focused(at.page)).toBe('member-switcher')
  })

  test('goes back to what opened a window', async () => {
    const at = await sandbox.open()
    await card(at, 'U0BOB', 'C0DATA')
    const deny = at.card('deny').locator('[data-action-id="deny"]')

    await deny.press('Enter')
    await at.by('modal').waitFor()
    expect(await at.page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    await at.page.keyboard.press('Escape')
    await at.by('modal').waitFor({ state: 'detached' })

    expect(await hasFocus(deny)).toBe(true)
  })

  test('goes to the card when what opened the window is gone with the decision', async () => {
    const at = await sandbox.open()
    await at.visit('U0BOB', 'C0DATA')
    await at.send(exportTitle)
    await at.page.getByTestId('agent-card').waitFor()
    const ts = await at.card('deny').getAttribute('data-ts')
    await at.card('deny').locator('[data-action-id="deny"]').press('Enter')
    await at.by('modal').locator('textarea').fill('Use the anonymised table instead.')
    await at.by('modal').getByLabel('People are asked again at once').check() // the tests below ask exactly this again

    await at.by('modal-submit').press('Enter')

    await at.page.locator(`article[data-ts="${ts}"]`).getByText('Denied: db.export').waitFor()
    await expect.poll(() => at.page.evaluate(() => document.activeElement?.getAttribute('data-ts'))).toBe(ts)
  })

  test('goes to a thread’s title and back to what opened it', async () => {
    const at = await sandbox.open({ viewport: phone })
    await thread(at)
    expect(await at.page.evaluate(() => document.activeElement?.textContent)).toBe('Thread')

    await at.page.getByLabel('Close thread').press('Enter')

    await at.by('thread').waitFor({ state: 'detached' })
    await expect.poll(() => focused(at.page)).toBe('thread-link')
  })
})

describe('whoever does not see the page', () => {
  test('hears what arrives in the conversation', async () => {
    const at = await sandbox.open()
    await at.visit('U0BOB', 'C0GENERAL')

    const log = at.page.getByRole('log')
    await at.by('composer').fill('Hello, all.')
    await at.by('composer').press('Enter')

    await log.getByText('Hello, all.').waitFor()
    expect(await log.count()).toBe(1)
  })

  test('hears a private refusal once, and not again with the next member', async () => {
    const at = await sandbox.open()
    await card(at, 'U0ALICE', 'C0DATA')
    const news = at.page.getByRole('status', { name: 'For you alone' })
    expect(await news.textContent()).toBe('')

    await at.press('approve')
    await at.by('confirm-ok').click()

    await expect.poll(() => news.textContent()).toMatch(/^Only visible to you: .*You are behind this action/)
    // The message itself stands in the log, which would otherwise say it a second time.
    const stands = at.by('messages').locator('article[data-ephemeral="true"]').last()
    expect(await stands.getAttribute('aria-live')).toBe('off')
    await at.become('U0BOB')
    await expect.poll(() => news.textContent()).toBe('')
  })

  test('hears what is missing in a window, and what may not be left out', async () => {
    const at = await sandbox.open()
    await card(at, 'U0BOB', 'C0DATA')
    await at.press('deny')
    const field = at.by('modal').locator('textarea')
    const states = async () => [
      await field.getAttribute('aria-required'),
      await field.getAttribute('aria-invalid'),
      await field.evaluate((element) =>
        document
          .getElementById(element.getAttribute('aria-describedby') ?? '')
          ?.textContent?.includes('required'),
      ),
    ]
    await field.waitFor()
    expect(await states()).toEqual(['true', 'false', false])

    await at.by('modal-submit').click()

    await at.by('field-error').waitFor()
    expect(await states()).toEqual(['true', 'true', true])
    expect(await hasFocus(field)).toBe(true)
  })

  test('hears a notice while a window is open, because it stands in the window', async () => {
    const at = await sandbox.open()
    await card(at, 'U0BOB', 'C0DATA')
    await at.press('deny')
    await at.by('modal').locator('textarea').fill('Not today.')
    at.expectTrouble(/ERR_FAILED/)
    await at.page.route('**/sandbox/act', (route) => route.abort())

    await at.by('modal-submit').click()

    const notices = at.by('modal').getByRole('status', { name: 'Notices' })
    await expect.poll(() => notices.textContent()).toContain('does not answer')
    await at.by('toast').getByLabel('Dismiss').click()
    await expect.poll(() => at.by('toast').count()).toBe(0)
  })
})

function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
}

function hasFocus(element: Locator): Promise<boolean> {
  return element.evaluate((node) => node === document.activeElement)
}
