import { describe, test } from 'vitest'
import { sandboxTests } from './sandboxPage.ts'
import { desktop, exportTitle, phone } from './sandboxViews.ts'

const sandbox = sandboxTests()

describe.each([
  { where: 'on a desktop', viewport: desktop },
  { where: 'on a phone', viewport: phone },
])('$where', ({ where, viewport }) => {
  test('Home changes while it is open, when an agent asks elsewhere', async () => {
    const [at, agent] = [await sandbox.open({ viewport }), await sandbox.open()]
    await at.visit('U0BOB', 'home')
    await at.column('Conversation')
    await at.by('home').getByRole('heading', { name: 'Waiting for you' }).waitFor()
    const before = await at.by('home').locator('[data-action-id="open"]').count()

    await agent.send(exportTitle)

    await at.by('home').locator('[data-action-id="open"]').nth(before).waitFor()
    await at.shot(`Home ${where}`)
  })

  test('the shortcuts of the app are in the menus', async () => {
    const at = await sandbox.open({ viewport })
    await at.send(exportTitle)
    await at.visit('U0BOB', 'C0DATA')
    await at.column('Conversation')
    await at.card().hover()
    await at.card().locator('[data-testid="shortcuts"]').click()
    await at.shot(`message shortcuts ${where}`)
    await at.by('menu-item').filter({ hasText: 'Why am I asked?' }).click()
    await at.by('modal').getByText('policy sha256').waitFor()
    await at.shot(`why asked ${where}`)
    await at.page.keyboard.press('Escape')

    await at.page.locator('.composer [data-testid="shortcuts"]').click()
    await at.shot(`global shortcuts ${where}`)
    await at.by('menu-item').filter({ hasText: 'My approvals' }).click()
    await at.by('modal').getByText('Waiting for you').waitFor()
    await at.shot(`my approvals ${where}`)
  })

  test('the policy is tested in a window', async () => {
    const at = await sandbox.open({ viewport })
    await at.visit('U0PRIYA', 'C0DATA')
    await at.column('Conversation')
    await at.by('composer').fill('/approvals policy test')
    await at.page.keyboard.press('Enter')
    await at.page.keyboard.press('Enter')
    const fields = at.by('modal').locator('input[type="text"], textarea')
    await fields.first().waitFor()
    const values = ['db.export', 'table', 'warehouse.users', 'prod', '{"rows": 500}']
    for (const [nth, value] of values.entries()) await fields.nth(nth).fill(value)
    await at.shot(`policy test ${where}`)
    await at.by('modal-submit').click()
    await at.by('modal').getByText('A dry run: nothing was asked').waitFor()
    await at.shot(`policy said ${where}`)
  })
})
