import { expect, test } from 'vitest'
import { sandboxTests } from './sandboxPage.ts'
import { phone } from './sandboxViews.ts'

const sandbox = sandboxTests()

test('who is asked how much, and what is decided, fits a phone', async () => {
  const at = await sandbox.open()
  await at.send('Export customers, with e-mail addresses')
  await at.send('Deploy to production')
  await at.visit('U0GRACE', 'C0DEPLOYS')
  await at.press('approve')
  await at.by('confirm-ok').click()
  await at.page.getByText('Approved', { exact: false }).first().waitFor()
  await at.page.setViewportSize(phone)
  await at.visit('U0GRACE', 'C0GENERAL')
  await at.column('Conversation')

  await at.by('composer').fill('/approvals stats')
  await at.by('composer').press('Enter')

  await at.by('messages').getByText('Who is asked').waitFor()
  await at.by('message').last().scrollIntoViewIfNeeded()
  await at.shot('stats-phone')
  const width = await at.page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(phone.width)
})
