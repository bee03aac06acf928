import { createRemoteJWKSet, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../../src/sandbox/teams/seed.ts'
import { runTeamsApp } from './app.ts'
import { call, cardMessage, openTeams, postCard, sampleCard } from './company.ts'

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

test('what is missing in time is given up, and a dialog is sent again, each time as something new', async () => {
  const teams = await openTeams({ ackMs: 60 })
  const arrived = await runTeamsApp(teams, ({ activity }) =>
    activity.name === 'task/fetch' ? { body: asDialog(inputCard) } : new Promise(() => undefined),
  )
  const at = await postCard(teams, sampleCard())
  const person = teams.as(bob)

  expect(await person.press(at, 'confirm')).toMatchObject({
    ok: false,
    error: expect.stringContaining('Unable to reach app'),
  })
  await person.press(at, 'approve')
  expect(await person.submit({ reason: 'Wrong.' })).toMatchObject({ ok: false })

  expect(person.dialog()).not.toBeNull()
  const submits = arrived.filter(({ activity }) => activity.name === 'task/submit')
  expect(new Set(submits.map(({ activity }) => activity.id)).size).toBe(3)
})

test.each([
  ['words', 200, 'application/vnd.microsoft.activity.message', 'Not you.', { ok: true, said: 'Not you.' }],
  [
    'an error',
    400,
    'application/vnd.microsoft.error',
    { code: 'x', message: 'No.' },
    { ok: false, error: 'No.' },
  ],
  ['a card that is none', 200, 'application/vnd.microsoft.card.adaptive', { type: 'x' }, { ok: false }],
])('an Execute is answered with %s', async (_, statusCode, type, value, shown) => {
  const teams = await openTeams()
  await runTeamsApp(teams, () => ({ body: { statusCode, type, value } }))

  expect(await teams.as(bob).press(await postCard(teams, sampleCard()), 'confirm')).toMatchObject(shown)
})

test('a card that comes into sight is asked for once for each change, and shown to whoever looked', async () => {
  const teams = await openTeams()
  const own = sampleCard({ body: [{ type: 'TextBlock', text: 'Yours', wrap: true }] })
  const arrived = await runTeamsApp(teams, () => ({
    body: { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: own },
  }))
  const refresh = { action: { type: 'Action.Execute', verb: 'refresh', data: { value: 'r1' } } }
  const at = await postCard(teams, sampleCard({ refresh }))

  for (let nth = 0; nth < 2; nth += 1) await teams.as(bob).look(at.conversation)

  expect(arrived).toHaveLength(1)
  expect(arrived[0]?.activity).toMatchObject({ value: { trigger: 'automatic', action: { verb: 'refresh' } } })
  const shown = (person: string) => JSON.stringify(teams.as(person).messages(at.conversation)[0]?.card)
  expect(shown(bob)).toContain('Yours')
  // The app changes it for everybody: what single people had been shown is over.
  const path = `conversations/${encodeURIComponent(at.conversation)}/activities/${at.message}`
  await call(teams, 'connector', { method: 'PUT', path, body: cardMessage(sampleCard({ refresh })) })
  expect(shown(bob)).not.toContain('Yours')
  await teams.as(bob).look(at.conversation)
  expect(arrived).toHaveLength(2)
})

test('the app hears what it is mentioned in, and everything in its own chat', async () => {
  const teams = await openTeams()
  const arrived = await runTeamsApp(teams, () => ({}))
  const person = teams.as(bob)
  const chat = person.sees().conversations.find(({ kind }) => kind === 'chat')?.id ?? ''

  await person.write(teamsChannels.data, 'Good morning')
  await person.write(teamsChannels.data, '@Countersign list')
  await person.write(chat, 'list')
  await person.write(teamsChannels.finance, '@Countersign list')

  expect(arrived.map(({ activity }) => activity.text)).toEqual(['<at>Countersign</at> list', 'list'])
  expect(arrived[0]?.activity.entities).toContainEqual(expect.objectContaining({ type: 'mention' }))
  expect(arrived[1]?.activity.conversation).toMatchObject({ conversationType: 'personal' })
})

test('whoever is not there, or disabled, can do nothing', async () => {
  const teams = await openTeams()
  const arrived = await runTeamsApp(teams, () => ({}))
  const at = await postCard(teams, sampleCard())

  const press = (as: string) =>
    teams.act({ act: 'press', as, ...at, action: { type: 'Action.Execute', verb: 'confirm' } })

  for (const person of [teamsIds.gwen, teamsIds.dana, teamsIds.tenant])
    expect((await press(person)).ok).toBe(false)
  expect(arrived).toEqual([])
})
