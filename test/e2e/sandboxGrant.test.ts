import type { Locator } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type SandboxPage, sandboxTests } from './sandboxPage.ts'
import { exportTitle, phone } from './sandboxViews.ts'

const sandbox = sandboxTests()
let at: SandboxPage

beforeEach(async () => {
  at = await sandbox.open()
})

const state = () => at.by('agent-state').first().textContent()
const said = (): Promise<string[]> => at.by('agent-said').allTextContents()
const act = (name: string): Locator => at.by(`agent-act-${name}`)

/** Does it, and waits for what comes of it. */
async function play(name: string): Promise<string> {
  const before = (await said()).length
  await act(name).click()
  await expect.poll(async () => (await said()).length).toBe(before + 1)
  return (await said()).at(-1) ?? ''
}

async function approved(): Promise<void> {
  await at.send(exportTitle)
  for (const member of ['U0BOB', 'U0PRIYA']) {
    await at.become(member)
    await at.column('Workspace')
    await at.by('conversation-C0DATA').click()
    await at.press('approve')
    await at.by('confirm-ok').click()
  }
  await at.column('Agent')
  await act('grant').waitFor()
}

describe('after the yes, in the agent’s place', () => {
  test('the grant, its redemption and the report, each of the bad ones refused; the card follows', async () => {
    await approved()

    expect(await play('grant')).toContain('one token, for exactly this action, once')
    expect(await at.by('agent-time-left').textContent()).toMatch(/^The grant ends in [12]:\d\d$/)
    at.expectTrouble(/status of 403/)
    expect(await play('redeemOther')).toContain('digest_mismatch')
    expect(await state()).toBe('approved')
    expect(await play('redeem')).toContain('Redeemed')
    await expect.poll(state).toBe('executing')
    await at.page.getByText('Running: db.export').waitFor()
    at.expectTrouble(/status of 409/)
    expect(await play('redeemAgain')).toContain('grant_spent')
    expect(await play('done')).toContain('Reported as done')

    await expect.poll(state).toBe('succeeded')
    await at.page.getByText('Done: db.export').waitFor()
    expect(await at.page.locator('.acts-row button').count()).toBe(0)
    await at.page.locator('.acts summary').click()
    const claims = JSON.parse((await at.by('agent-claims').textContent()) ?? '')
    expect(claims).toMatchObject({ aud: sandbox.url(), resource: 'warehouse.users', environment: 'prod' })
  })

  test('a role of the warehouse reads what was approved and nothing else, and is gone after the report', async () => {
    await approved()
    await play('grant')
    await play('redeem')

    expect(await play('credential')).toContain('made for this execution')
    expect(await play('login')).toContain(
      'read id and email of users. The database refused phone and the table orders.',
    )
    expect(await at.by('agent-found').locator('tr').allTextContents()).toEqual([
      'idemail',
      '1ada@example.com',
      '2grace@example.com',
      '3alan@example.com',
    ])
    expect(await play('done')).toContain('Reported as done')

    await expect.poll(() => play('login')).toContain('the role is gone')
    expect(await act('login').count()).toBe(0)
  })

  test('a report of something else: people are told at the card', async () => {
    await approved()
    await play('grant')
    await play('redeem')

    expect(await play('reportOther')).toContain('rows 2,500,000 instead of 250,000')

    await expect.poll(state).toBe('succeeded')
    await at.by('messages').getByText('not what was approved').last().waitFor()
  })

  test('what policy allows at once has a grant too', async () => {
    await at.send('Small export from staging')

    await play('grant')
    await play('redeem')
    expect(await play('failed')).toContain('Reported as failed')

    await expect.poll(state).toBe('failed')
  })

  test('a way back that was declared: one card, the same votes, and nobody is asked again', async () => {
    await at.send('Deploy, with its way back')
    for (const [votes, member] of ['U0SAM', 'U0GRACE'].entries()) {
      await at.become(member)
      await at.by('conversation-C0DEPLOYS').click()
      await expect
        .poll(() => at.page.locator('[data-testid="agent-leg"][data-filled="true"]').count())
        .toBe(votes)
      await at.press('approve')
      await at.by('confirm-ok').click()
    }
    await at.column('Agent')
    await play('grant')
    await play('redeem')
    expect(await at.by('agent-way-back').count()).toBe(0)
    await play('failed')

    await at.by('agent-way-back').click()
    await at.page.getByText('deploy.rollback', { exact: true }).first().waitFor()
    await expect.poll(said).toEqual([])
    await play('grant')
    await play('redeem')
    expect(await play('done')).toContain('Reported as done')

    await expect.poll(state).toBe('succeeded')
    await at.shot('a deploy that was taken back')
  })

  test('with the keyboard alone: a button that is gone leaves the focus beside the next one', async () => {
    await approved()

    await act('grant').press('Enter')
    await act('redeem').waitFor()
    await expect
      .poll(() => at.page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('What the agent does next')
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.press('Enter')

    await expect.poll(state).toBe('executing')
  })

  test('on a phone', async () => {
    at = await sandbox.open({ viewport: phone })
    await approved()

    await play('grant')
    await play('redeem')
    await act('done').scrollIntoViewIfNeeded()
    await at.shot('the agent redeems on a phone')
    await play('done')

    await expect.poll(state).toBe('succeeded')
  })
})
