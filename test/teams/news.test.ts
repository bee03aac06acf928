import { beforeEach, expect, test } from 'vitest'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { type Company, channelId, openCompany } from './company.ts'

const { grace } = teamsIds

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

/** Somebody left the team, as Teams tells it. */
const left = (who: string) =>
  company.local.send({
    type: 'conversationUpdate',
    id: `news-${who}`,
    timestamp: company.world.clock().toISOString(),
    channelId: 'msteams',
    serviceUrl: company.local.serviceUrl,
    from: { id: `29:${who}`, aadObjectId: who },
    conversation: { id: channelId, tenantId: teamsIds.tenant, conversationType: 'channel' },
    channelData: { tenant: { id: teamsIds.tenant } },
    membersRemoved: [{ id: `29:${who}`, aadObjectId: who }],
  })

test.each([
  ['left-the-group: what Teams tells of somebody makes us look again at once', true, 'Not possible'],
  ['control: of what nobody tells, what was read counts for its seconds', false, 'Approve this action'],
])('%s', async (_, told, says) => {
  const { request, card, at } = await company.asked('deploy.start')
  const action = {
    type: 'Action.Submit',
    data: { msteams: { type: 'task/fetch' }, open: 'approve_form', value: `${request.id}|${card.id}` },
  }
  const press = company.local.compose({ act: 'press', as: grace, ...at, action })
  const answered = async (id: string) => JSON.stringify(await company.local.send({ ...press, id }))
  expect(await answered('f:1')).toContain('Approve this action')

  const known = company.local.tenant.people.get(grace)
  if (known) company.local.tenant.people.set(grace, { ...known, enabled: false })
  if (told) await left(grace)

  expect(await answered('f:2')).toContain(says)
})
