import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../../src/sandbox/seed.ts'
import { approvedExport, asksForGrant } from '../approvals/grants/granted.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany, refusals, unshared } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const removals: readonly (readonly [string, string, () => void])[] = [
  ['left the group', 'not_in_leg', () => company.local.directory.removeFromGroup('S0IAM', 'U0GRACE')],
  [
    'is in a group that was disabled',
    'not_in_leg',
    () => company.local.directory.setGroupDisabled('S0IAM', true),
  ],
  ['was deactivated', 'not_staff', () => company.local.directory.changeMember('U0GRACE', { deleted: true })],
  ['became a guest', 'not_staff', () => company.local.directory.changeMember('U0GRACE', { guest: 'multi' })],
]

/** Grace's click, as from a card that was on her screen before; all is still believed that was known then. */
async function grantedAtFirst() {
  const asked = await company.asked('iam.change')
  const { directory } = company.world.ports
  const grace = await directory.account('slack:U0GRACE')
  const source = { kind: 'group', ref: 'group:iam-admins', address: 'slack:S0IAM' } as const
  expect(await directory.isMember(source, grace.key)).toBe(true)
  const message = company.local
    .as('U0BOB')
    .messages(asked.at.conversation)
    .find((one) => one.ts === asked.at.ts)
  const blockId = String(message?.blocks.find((one) => one.type === 'actions')?.block_id)
  const press = { act: 'press', as: 'U0GRACE', at: asked.at, blockId, actionId: 'approve' } as const
  return { request: asked.request, clicks: () => company.local.send(company.local.compose(press)) }
}

describe('left-the-group: no second passes, Slack tells, and somebody', () => {
  test.each(removals)('who %s does not approve', async (_, code, happens) => {
    const { request, clicks } = await grantedAtFirst()

    happens()
    await company.local.idle()
    await clicks()

    await eventually(() => expect(refusals(company)).toEqual([code]))
    expect((await company.store.request(request.id))?.decisions).toEqual([])
  })

  test.each([
    ['left the group', () => company.local.directory.removeFromGroup('S0DATA', 'U0BOB')],
    ['was deactivated', () => company.local.directory.changeMember('U0BOB', { deleted: true })],
  ])('who approved, and %s, gives no grant any more', async (_, happens) => {
    const { id } = await approvedExport(company.world)

    happens()
    await company.local.idle()

    await expect(asksForGrant(company.world, id)).rejects.toMatchObject({ code: 'grant_revoked' })
  })
})

test('control: where no event comes, what is believed for some seconds still approves', async () => {
  await company.close()
  company = await openCompany({ seed: unshared({ ...acme, app: { ...acme.app, events: ['app_mention'] } }) })
  const { request, clicks } = await grantedAtFirst()

  company.local.directory.removeFromGroup('S0IAM', 'U0GRACE')
  company.local.directory.changeMember('U0GRACE', { guest: 'multi' })
  await clicks()

  await eventually(async () =>
    expect((await company.store.request(request.id))?.decisions.map(({ kind }) => kind)).toEqual(['approve']),
  )
})
