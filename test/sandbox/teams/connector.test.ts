import { describe, expect, test } from 'vitest'
import { teamsChannels, teamsIds } from '../../../src/sandbox/teams/seed.ts'
import { mriOf } from '../../../src/sandbox/teams/tenant.ts'
import { call, cardMessage, openTeams, postCard, sampleCard, tokenFor } from './company.ts'

const { alice, bob, dana, gwen, max, nora, tenant } = teamsIds
const at = (conversation: string, rest = '') =>
  `conversations/${encodeURIComponent(conversation)}/activities${rest}`
const titled = (text: string) => sampleCard({ body: [{ type: 'TextBlock', text, wrap: true }] })

describe('messages', () => {
  test('a card is posted, replaced and taken away; its thread hangs from it', async () => {
    const teams = await openTeams()
    const card = await postCard(teams, sampleCard())
    const reply = await postCard(teams, titled('Told'), `${card.conversation};messageid=${card.message}`)
    const seen = () => teams.as(bob).messages(card.conversation)

    expect(seen()).toMatchObject([{ id: card.message, replies: 1, edited: false }, { root: card.message }])
    const path = at(card.conversation, `/${card.message}`)
    await call(teams, 'connector', { method: 'PUT', path, body: cardMessage(titled('Approved')) })
    expect(JSON.stringify(seen()[0]?.card)).toContain('Approved')
    // A reply to a reply belongs to the thread that the reply is in.
    await postCard(teams, titled('Again'), `${card.conversation};messageid=${reply.message}`)
    expect(seen().at(-1)?.root).toBe(card.message)
    await call(teams, 'connector', { method: 'DELETE', path })
    expect(seen()[0]).toMatchObject({ deleted: true, card: null })
  })

  test('a targeted message is seen by one person of the conversation, for a day', async () => {
    let now = Date.now()
    const teams = await openTeams({ now: () => now })
    const whisper = (person: string) =>
      call(teams, 'connector', {
        path: at(teamsChannels.data, '?isTargetedActivity=true'),
        body: { ...cardMessage(titled('For you')), recipient: { id: person } },
      })

    expect((await whisper(bob)).status).toBe(201)
    expect((await whisper(gwen)).status).toBe(400)
    expect(teams.as(bob).messages(teamsChannels.data)).toMatchObject([{ onlyYou: true }])
    expect(teams.as(alice).messages(teamsChannels.data)).toEqual([])
    now += 24 * 3_600_000
    expect(teams.as(bob).messages(teamsChannels.data)).toEqual([])
  })

  test.each([
    ['where the app is not installed', teamsChannels.finance, 403, 'BotNotInConversationRoster'],
    ['where there is nothing', '19:nowhere@thread.tacv2', 404, 'ConversationNotFound'],
    ['below no message', `${teamsChannels.data};messageid=1`, 400, 'BadRequest'],
  ])('a post %s is refused', async (_, conversation, status, code) => {
    const teams = await openTeams()

    const said = await call(teams, 'connector', { path: at(conversation), body: cardMessage(sampleCard()) })

    expect(said).toMatchObject({ status, body: { error: { code } } })
  })

  test.each([
    ['another version', sampleCard({ version: '1.6' })],
    ['an element that Teams does not draw', sampleCard({ body: [{ type: 'Media', sources: [] }] })],
    ['a property that nobody knows', sampleCard({ body: [{ type: 'TextBlock', text: 'x', warp: true }] })],
    ['a mention that stands nowhere', sampleCard({ msteams: mentioning('<at>Bob</at>', bob) })],
    ['a mention of nobody', { ...titled('<at>Bob</at>'), msteams: mentioning('<at>Bob</at>', tenant) }],
    ['a mention that nobody is meant by', titled('<at>Bob</at>')],
    ['two inputs of one name', sampleCard({ body: [input('a'), input('a')] })],
    ['seven actions beside each other', sampleCard({ actions: Array(7).fill(sampleCard().actions[0]) })],
  ])('a card with %s is refused', async (_, card) => {
    const teams = await openTeams()

    const said = await call(teams, 'connector', { path: at(teamsChannels.data), body: cardMessage(card) })

    expect(said).toMatchObject({ status: 400, body: { error: { code: 'BadSyntax' } } })
  })

  test('a mention of somebody, by either id, is taken', async () => {
    const teams = await openTeams()
    for (const id of [bob, mriOf({ id: bob })]) {
      await postCard(teams, { ...titled('<at>Bob</at>'), msteams: mentioning('<at>Bob</at>', id) })
    }
    expect(teams.as(bob).messages(teamsChannels.data)).toHaveLength(2)
  })

  test('a card of 28 KB is taken, a larger one is not', async () => {
    const teams = await openTeams()
    const length = 28 * 1024 - JSON.stringify(titled('')).length
    const sent = (text: string) =>
      call(teams, 'connector', { path: at(teamsChannels.data), body: cardMessage(titled(text)) })

    expect((await sent('x'.repeat(length))).status).toBe(201)
    expect((await sent('x'.repeat(length + 1))).status).toBe(413)
  })
})

describe('people', () => {
  test('a chat is opened with whoever has the app, and is the same one each time', async () => {
    const teams = await openTeams()
    const open = (person: string, tenantId: string = tenant) =>
      call(teams, 'connector', {
        path: 'conversations',
        body: { members: [{ id: person }], isGroup: false, tenantId },
      })

    const first = await open(nora)
    expect(first).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^a:/) } })
    expect((await open(nora)).body).toEqual(first.body)
    for (const person of [dana, max, tenant]) expect((await open(person)).status).toBe(403)
    expect((await open(nora, teamsIds.partner)).status).toBe(400)
  })

  test('a member of a conversation says which tenant they are of', async () => {
    const teams = await openTeams()
    const member = (person: string, conversation: string = teamsChannels.approvals) =>
      call(teams, 'connector', { path: `conversations/${conversation}/members/${person}` })

    expect((await member(max)).body).toMatchObject({ aadObjectId: max, tenantId: teamsIds.partner })
    expect((await member(gwen)).body).toMatchObject({ userRole: 'guest' })
    expect((await member(max, teamsChannels.data)).status).toBe(404)
  })
})

describe('limits and faults', () => {
  test('the eighth message of a second has to wait', async () => {
    let now = Date.now()
    const teams = await openTeams({ now: () => now })
    const token = await tokenFor(teams)
    const sent = () =>
      call(teams, 'connector', { path: at(teamsChannels.data), body: cardMessage(sampleCard()), token })
    for (let nth = 1; nth <= 7; nth += 1) expect((await sent()).status).toBe(201)

    const refused = await sent()

    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    now += 1_000
    expect((await sent()).status).toBe(201)
    expect((await sent()).headers.get('retry-after')).toBe('1') // eight in two seconds
  })

  test.each([412, 413, 429, 502])('a fault answers %d once, and nothing was posted', async (status) => {
    const teams = await openTeams()
    teams.faults.next('post', { kind: 'status', status, retryAfter: 3 })

    const path = at(teamsChannels.data)
    const said = await call(teams, 'connector', { path, body: cardMessage(sampleCard()) })

    expect([said.status, said.headers.get('retry-after')]).toEqual([status, '3'])
    expect(teams.as(bob).messages(teamsChannels.data)).toEqual([])
    await postCard(teams, sampleCard())
  })

  test('an answer is lost after the message was stored', async () => {
    const teams = await openTeams()
    teams.faults.next('post', { kind: 'lost_answer' })

    await expect(postCard(teams, sampleCard())).rejects.toThrow()

    expect(teams.as(bob).messages(teamsChannels.data)).toHaveLength(1)
  })
})

function mentioning(text: string, id: string) {
  return { entities: [{ type: 'mention', text, mentioned: { id, name: 'Bob' } }] }
}

function input(id: string) {
  return { type: 'Input.Text', id, label: id }
}
