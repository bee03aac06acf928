import type { SandboxPage } from './sandboxPage.ts'

export const desktop = { width: 1280, height: 900 }
export const phone = { width: 390, height: 844 }
/** A desktop of 1280 by 1024 pixels at 400 %. */
export const zoomed = { width: 320, height: 256 }

export const exportTitle = 'Export customers, with e-mail addresses'
const hostile = 'Text that tries to fool the reader'
const tooLong = 'More than fits on a card'
const rollback = 'Roll back, and nobody is there'
const otherRollback = {
  action: 'deploy.rollback',
  resource: { type: 'service', id: 'checkout-api' },
  params: { service: 'checkout-api', version: '2026.11.1' },
  environment: 'prod',
  reason: 'Since 2026.11.2 every third payment fails.',
  initiator: { email: 'alice@acme.test' },
}

/** What people look at. Each begins at a page that was just opened, with a card of every kind in its channel. */
export const views: Readonly<Record<string, (at: SandboxPage) => Promise<unknown>>> = {
  'a channel with cards': (at) => card(at, 'U0BOB', 'C0DATA', 'full'),
  'a channel with nothing in it': (at) => at.visit('U0ALICE', 'C0GENERAL'),
  'a channel that this member cannot see': (at) => at.visit('U0GWEN', 'C0DATA'),
  'a direct message': async (at) => {
    await at.visit('U0BOB', 'home')
    await at.column('Conversation')
    await at.page.locator('.tabs button', { hasText: 'Messages' }).click()
    await at.by('composer').waitFor()
  },
  'a thread': thread,
  'a private refusal': async (at) => {
    await card(at, 'U0ALICE', 'C0DATA')
    await at.press('approve')
    await at.by('confirm-ok').click()
    await at.by('messages').getByText('Only visible to you').last().waitFor()
  },
  'the menu of a card': async (at) => {
    await card(at, 'U0BOB', 'C0DATA')
    await at.card('more').locator('[data-action-id="more"]').click()
    await at.by('menu-item').first().waitFor()
  },
  'a confirmation': async (at) => {
    await card(at, 'U0BOB', 'C0DATA')
    await at.press('approve')
    await at.by('confirm-ok').waitFor()
  },
  'the window to deny, with what is missing': denyWithout,
  'the window to escalate': (at) => windowOf(at, 'escalate'),
  'the window to break the glass': async (at) => {
    await card(at, 'U0GRACE', 'C0DEPLOYS', 'escalate')
    await at.choose('Break glass')
    await at.by('modal').waitFor()
  },
  'the full request': async (at) => {
    await card(at, 'U0BOB', 'C0DATA', 'full')
    await at.press('full')
    await at.by('modal').waitFor()
  },
  'why somebody is asked': async (at) => {
    await card(at, 'U0BOB', 'C0DATA')
    await at.choose('Why am I asked?')
    await at.by('modal').waitFor()
  },
  Home: async (at) => {
    await at.visit('U0BOB', 'home')
    await at.column('Conversation')
    await at.by('home').locator('button').first().waitFor()
  },
  'the answer to /approvals': async (at) => {
    await at.visit('U0BOB', 'C0GENERAL')
    await at.column('Conversation')
    await at.by('composer').fill('/approvals')
    await at.by('composer').press('Enter')
    await at.by('messages').locator('article button').first().waitFor()
  },
  'what a composer offers': async (at) => {
    await at.visit('U0BOB', 'C0GENERAL')
    await at.column('Conversation')
    await at.by('composer').pressSequentially('@')
    await at.page.locator('.suggestion').first().waitFor()
  },
  'the agent’s panel': async (at) => {
    await at.visit('U0ALICE', 'C0DATA')
    await at.send(exportTitle)
    await at.page.locator('.request-body summary').click()
    await at.send(rollback)
    for (const each of await at.page.locator('.life summary').all()) await each.click()
  },
  'the agent’s panel, after a refusal': async (at) => {
    await at.visit('U0ALICE', 'C0DATA')
    at.expectTrouble(/status of 400/)
    await at.send(exportTitle, { action: 'db.export', colour: 'green' })
    await at.by('agent-problem').waitFor()
  },
  'the agent’s panel, with a grant': async (at) => {
    await at.visit('U0ALICE', 'C0DATA')
    await at.send('Small export from staging')
    await at.by('agent-act-grant').click()
    at.expectTrouble(/status of 40[39]/)
    for (const act of ['redeemOther', 'redeem', 'redeemAgain']) await at.by(`agent-act-${act}`).click()
    await at.by('agent-said').nth(3).waitFor()
    await at.page.locator('.acts summary').click()
  },
  'the places and the people': async (at) => {
    await at.visit('U0ALICE', 'C0DATA')
    await at.column('Workspace')
    await at.by('member-switcher').click()
    await at.by('member-U0DANA').waitFor()
  },
}

/** A card of every kind, and a thread: what the views begin with. */
export async function sendAll(at: SandboxPage): Promise<void> {
  await at.visit('U0BOB', 'C0DATA')
  for (const example of [exportTitle, hostile, tooLong, rollback]) await at.send(example)
  await windowOf(at, 'escalate')
  await at.by('modal').locator('textarea').fill('Grace is on a plane, and I wrote this release.')
  await at.by('modal-submit').click()
  await at.by('thread-link').waitFor()
  // Another one, which can still be escalated: what is asked again would share the first one's card.
  await at.send(rollback, otherRollback)
  await at.page.context().close()
}

export async function card(
  at: SandboxPage,
  member: string,
  channel: string,
  action = 'approve',
): Promise<void> {
  await at.visit(member, channel)
  await at.column('Conversation')
  await at.card(action).waitFor()
}

export async function thread(at: SandboxPage): Promise<void> {
  await card(at, 'U0BOB', 'C0DEPLOYS')
  await at.by('thread-link').last().click()
  await at.by('thread').locator('article').nth(1).waitFor()
}

async function windowOf(at: SandboxPage, action: string): Promise<void> {
  await card(at, 'U0SAM', 'C0DEPLOYS', action)
  await at.press(action)
  await at.by('modal').waitFor()
}

async function denyWithout(at: SandboxPage): Promise<void> {
  await card(at, 'U0BOB', 'C0DATA')
  await at.press('deny')
  await at.by('modal-submit').click()
  await at.by('field-error').waitFor()
}
