import { beforeEach, expect, test } from 'vitest'
import { type SandboxPage, sandboxTests } from './sandboxPage.ts'
import { phone } from './sandboxViews.ts'

const sandbox = sandboxTests()
let at: SandboxPage

const again = 'A deploy, asked again and again'

/** How those stand that the agent has asked for, as its panel lists them where there are several. */
const states = () => at.page.locator('.asked .state-chip').allTextContents()

async function sendTimes(times: number) {
  await at.send(again)
  for (let nth = 2; nth <= times; nth += 1) {
    await at.send(again)
    await expect.poll(states).toEqual(Array.from({ length: nth }, () => 'pending'))
  }
}

beforeEach(async () => {
  at = await sandbox.open()
})

test('the same is asked three times on one card, and one click approves all that it lists', async () => {
  await sendTimes(3)
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
  await sendTimes(2)
  await at.page.setViewportSize(phone)
  await at.visit('U0GRACE', 'C0DEPLOYS')
  await at.column('Conversation')
  await at.card('approve').getByText('Approval needed, 2 times').waitFor()
  await at.card('approve').scrollIntoViewIfNeeded()
  await at.shot('alike-phone')

  const width = await at.page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(phone.width)
})
