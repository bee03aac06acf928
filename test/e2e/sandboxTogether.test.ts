import { beforeEach, expect, test } from 'vitest'
import { type SandboxPage, sandboxTests } from './sandboxPage.ts'
import { phone } from './sandboxViews.ts'

const sandbox = sandboxTests()
let at: SandboxPage

const together = 'Three deploys, asked together'

/** How those stand that the agent has asked for, as its panel lists them. */
const states = () => at.page.locator('.asked .state-chip').allTextContents()

/** The menu beside a line of the card, from 1 on. */
async function chooseBeside(line: number, item: string): Promise<void> {
  await at.column('Conversation')
  await at
    .card('approve')
    .locator('[data-action-id="more"]')
    .nth(line - 1)
    .click()
  await at.by('menu-item').filter({ hasText: item }).click()
}

beforeEach(async () => {
  at = await sandbox.open()
})

test('three are asked on one card: one is denied by its line, and the others are approved by one click', async () => {
  await at.send(together)
  await expect.poll(states).toEqual(['pending', 'pending', 'pending'])
  await at.visit('U0GRACE', 'C0DEPLOYS')
  await at.column('Conversation')
  await at.card('approve').getByText('3 · deploy.start').waitFor()
  await at.shot('together')

  await chooseBeside(3, 'Deny')
  await at.by('modal').waitFor()
  await at.page.locator('.modal textarea').fill('Not without its tests.')
  await at.by('modal-submit').click()
  await at.card('approve').getByText('3 · deploy.start: Denied').waitFor()
  await at.press('approve')
  await at.by('confirm-ok').click()

  await at.page.getByText('Decided: 3 actions').waitFor()
  await at.shot('together-decided')
})

test('fits a phone', async () => {
  await at.send(together)
  await at.page.setViewportSize(phone)
  await at.visit('U0GRACE', 'C0DEPLOYS')
  await at.column('Conversation')
  await at.card('approve').getByText('1 · deploy.start').waitFor()
  await at.card('approve').scrollIntoViewIfNeeded()
  await at.shot('together-phone')

  const width = await at.page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(phone.width)
})
