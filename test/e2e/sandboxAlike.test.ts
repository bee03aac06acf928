import { beforeEach, expect, test } from 'vitest'
import { type SandboxPage, sandboxTests } from './sandboxPage.ts'
import { phone } from './sandboxViews.ts'

const sandbox = sandboxTests()
let at: SandboxPage

const again = 'A deploy, asked again and again'

/** How those stand that the agent has asked for, as its panel lists them. */
const states = () => at.page.locator('.asked .state-chip').allTextContents()

beforeEach(async () => {
  at = await sandbox.open()
})

test('the same is asked three times on one card, and one click approves all that it lists', async () => {
  for (const nth of [1, 2, 3]) {
    await at.send(again)
    await expect.poll(states).toHaveLength(nth)
  }
  await at.visit('U0GRACE', 'C0DEPLOYS')
  await at.column('Conversation')
  await at.card('approve').getByText('Approval needed, 3 times').waitFor()
  await at.shot('alike')

  await at.press('approve')
  await at.by('confirm-ok').click()

  await at.page.getByText('Approved, 3 times').waitFor()
  await at.shot('alike-approved')
})

test('fits a phone', async () => {
  for (const nth of [1, 2]) {
    await at.send(again)
    await expect.poll(states).toHaveLength(nth)
  }
  await at.page.setViewportSize(phone)
  await at.visit('U0GRACE', 'C0DEPLOYS')
  await at.column('Conversation')
  await at.card('approve').getByText('Approval needed, 2 times').waitFor()
  await at.card('approve').scrollIntoViewIfNeeded()
  await at.shot('alike-phone')

  const width = await at.page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(phone.width)
})
