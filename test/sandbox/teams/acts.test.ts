import { createRemoteJWKSet, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../../src/sandbox/teams/seed.ts'
import { runTeamsApp } from './app.ts'
import { openTeams, postCard, sampleCard } from './company.ts'

const { bob, alice } = teamsIds

const inputCard = {
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    {
      type: 'Input.Text',
      id: 'reason',
      label: 'Reason',
      isRequired: true,
      maxLength: 10,
      errorMessage: 'Say why.',
    },
  ],
  actions: [{ type: 'Action.Submit', title: 'Deny', data: { send: 'deny_form' } }],
}

const asDialog = (content: unknown) => ({
  task: {
    type: 'continue',
    value: { title: 'Deny', card: { contentType: 'application/vnd.microsoft.card.adaptive', content } },
  },
})

test('an Execute arrives signed, as the person who pressed, and its card is shown to them alone', async () => {
  const teams = await openTeams()
  const arrived = await runTeamsApp(teams, () => ({
    body: {
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: sampleCard({ body: [{ type: 'TextBlock', text: 'Yours', wrap: true }] }),
    },
  }))
  const at = await postCard(teams, sampleCard())

  expect(await teams.as(bob).press(at, 'confirm')).toMatchObject({ ok: true })

  const [{ activity, headers } = { activity: {}, headers: {} }] = arrived
  expect(activity).toMatchObject({
    type: 'invoke',
    name: 'adaptiveCard/action',
    channelId: 'msteams',
    serviceUrl: teams.serviceUrl,
    from: { aadObjectId: bob },
    conversation: {
      id: `${teamsChannels.data};messageid=${at.message}`,
      tenantId: teamsIds.tenant,
      conversationType: 'channel',
    },
    channelData: { tenant: { id: teamsIds.tenant } },
    replyToId: at.message,
    value: { trigger: 'manual', action: { type: 'Action.Execute', verb: 'confirm', data: { value: 'r1' } } },
  })
  const token = String(headers.authorization).replace('Bearer ', '')
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(teams.services.keys)), {
    issuer: teams.services.issuer,
    audience: teamsIds.app,
  })
  expect(payload.serviceurl).toBe(teams.serviceUrl)
  const textOf = (person: string) => JSON.stringify(teams.as(person).messages(at.conversation)[0]?.card)
  expect(textOf(bob)).toContain('Yours')
  expect(textOf(alice)).toContain('Approval needed')
})

test('a dialog opens, is held back while something is missing, and closes when it was taken', async () => {
  const teams = await openTeams()
  const arrived = await runTeamsApp(teams, ({ activity }) =>
    activity.name === 'task/fetch' ? { body: asDialog(inputCard) } : { body: {} },
  )
  const at = await postCard(teams, sampleCard())
  const person = teams.as(bob)

  await person.press(at, 'approve')
  expect(person.dialog()?.title).toBe('Deny')
  expect(await person.submit()).toEqual({ ok: false, errors: { reason: 'Say why.' } })
  expect(await person.submit({ reason: 'far too long a reason' })).toEqual({
    ok: false,
    errors: { reason: 'Say why.' },
  })
  expect(arrived).toHaveLength(1)

  expect(await person.submit({ reason: 'Wrong.' })).toMatchObject({ ok: true })
  expect(arrived.at(-1)?.activity).toMatchObject({
    name: 'task/submit',
    value: { data: { send: 'deny_form', reason: 'Wrong.' } },
  })
  expect(person.dialog()).toBeNull()
})
