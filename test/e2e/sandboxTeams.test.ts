import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { type SandboxPage, sandboxTests } from './sandboxPage.ts'
import { desktop, exportTitle, phone } from './sandboxViews.ts'
import { tooWide, violations } from './seenByMachines.ts'

const sandbox = sandboxTests()
const { alice, bob, priya, gwen } = teamsIds
let at: SandboxPage

beforeAll(async () => {
  at = await sandbox.open()
  await linkBob()
  await at.page.context().close()
})
beforeEach(async () => {
  at = await sandbox.open()
})

const smaller = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { table: 'users', rows: 120_000, columns: ['id', 'email'], destination: 's3://acme-lake-in/churn' },
  environment: 'prod',
  reason: 'For the board.',
  initiator: { email: 'alice@acme.test' },
}

/** Loads the place in Teams anew, as this person. */
async function visit(person: string, place: string = teamsChannels.data): Promise<void> {
  await at.page.goto(`${sandbox.url()}/sandbox/#via=teams&as=${person}&in=${encodeURIComponent(place)}`)
  await at.page.reload()
  await at.page
    .locator(`[data-testid="member-switcher"][data-viewer="${person}"]`)
    .waitFor({ state: 'attached' })
}

const button = (name: string) => at.by('messages').getByRole('button', { name, exact: true }).last()
const inDialog = (name: string) => at.by('dialog').getByRole('button', { name, exact: true })

/** Links Bob's account in Teams to the one in Slack: asked for there, by a code that is sent to the other. */
async function linkBob(): Promise<void> {
  await at.visit('U0BOB', 'C0GENERAL')
  await at.by('composer').fill(`/approvals link teams:${bob}`)
  await at.by('composer').press('Enter')
  await at.by('modal-submit').click()
  await at.by('modal-submit').waitFor({ state: 'detached' })
  await visit(bob, 'a:')
  const code = /[a-z0-9]{5}(-[a-z0-9]{5}){4}/
  await at.by('messages').getByText(code).first().waitFor()
  const [found = ''] = code.exec((await at.by('messages').textContent()) ?? '') ?? []
  await at.visit('U0BOB', 'C0GENERAL')
  await at.by('composer').fill(`/approvals link code ${found}`)
  await at.by('composer').press('Enter')
  await at.by('messages').getByText('both accounts are yours').last().waitFor()
}

describe('in Teams', () => {
  test('a request stands in both, an account that is linked to nobody decides nothing, a linked one approves', async () => {
    await at.send(exportTitle)
    await visit(priya)
    await button('Approve').waitFor()
    await at.shot('teams-1-pending')
    await button('Approve').click()
    await at.page
      .getByText(/linked/)
      .first()
      .waitFor()
    await at.shot('teams-2-refused')

    await visit(bob)
    await button('Approve').click()
    await at.by('dialog').waitFor()
    await at.shot('teams-3-approve')
    await inDialog('Approve').click()
    await at.by('dialog').waitFor({ state: 'detached' })
    await at.by('messages').getByText('Bob Okafor').first().waitFor()
    await at.shot('teams-4-one-of-two')

    await at.visit('U0PRIYA', 'C0DATA')
    await at.card().locator('[data-action-id="approve"]').click()
    await at.by('confirm-ok').click()
    await visit(bob)
    await at.by('messages').getByText('Approved').first().waitFor()
    expect(await button('Approve').count()).toBe(0)
    await at.shot('teams-5-approved')
  })

  test('denied in Teams with a reason, which the card and its thread tell', async () => {
    await at.send(exportTitle, smaller)
    await visit(bob)
    await button('Deny').click()
    await at.by('dialog').waitFor()
    await inDialog('Deny').click()
    await at.by('dialog').locator('textarea').fill('Use the anonymised table instead.')
    await at.shot('teams-6-deny')
    await inDialog('Deny').click()
    await at.by('dialog').waitFor({ state: 'detached' })
    await at.by('messages').getByText('Use the anonymised table instead.').first().waitFor()
    await at.by('thread-link').last().click()
    await at.by('thread').waitFor()
    await at.shot('teams-7-denied')
  })
})

/** What Teams shows, for axe and the eye. */
const views: Readonly<Record<string, () => Promise<unknown>>> = {
  'a channel with cards': async () => {
    await visit(bob)
    await at.column('Conversation')
    await at.by('card').first().waitFor()
  },
  'a channel with nothing in it': () => visit(alice, teamsChannels.general),
  'a channel that this person cannot see': () => visit(gwen),
  'the places and the people': async () => {
    await visit(bob)
    await at.column('Workspace')
    await at.by('member-switcher').click()
    await at.by(`member-${gwen}`).waitFor()
  },
  'the chat with the app': async () => {
    await visit(bob, 'a:')
    await at.column('Conversation')
    await at.by('composer').fill('list')
    await at.by('composer').press('Enter')
    await at.by('card').last().waitFor()
  },
  'a thread': async () => {
    await visit(bob)
    await at.column('Conversation')
    await at.by('thread-link').first().click()
    await at.by('thread').waitFor()
  },
  'a window with what is missing': async () => {
    await visit(bob)
    await at.column('Conversation')
    await button('Deny').click()
    await inDialog('Deny').click()
    await at.by('dialog').getByText('Write something here.').waitFor()
  },
  'the menu of a card': async () => {
    await visit(bob)
    await at.column('Conversation')
    await at.by('messages').locator('[aria-expanded]').last().click()
    await at.page.locator('.ac-ctrl-popup-container').waitFor()
  },
}

describe.each([
  { where: 'on a desktop', viewport: desktop },
  { where: 'on a phone', viewport: phone },
])('$where', ({ where, viewport }) => {
  test.each(Object.keys(views))(
    'axe finds nothing wrong with %s, and it is no wider than the page',
    async (name) => {
      await at.send(exportTitle, { ...smaller, params: { ...smaller.params, rows: 130_000 } })
      at = await sandbox.open({ viewport })
      await views[name]?.()
      for (const colorScheme of ['light', 'dark'] as const) {
        await at.page.emulateMedia({ colorScheme })
        await at.shot(`teams view ${name} ${where}, ${colorScheme}`)
        expect(await violations(at.page), colorScheme).toEqual([])
      }
      expect(await tooWide(at.page)).toEqual([])
    },
  )
})
