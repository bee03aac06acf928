import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { announce } from '../../src/approvals/cards/announce.ts'
import { putQuestion } from '../../src/approvals/cards/question.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { expire } from '../../src/approvals/expire.ts'
import { answerQuestion } from '../../src/approvals/notes/answer.ts'
import { answerAsAgent } from '../../src/approvals/notes/answerAsAgent.ts'
import { askForChanges, askQuestion } from '../../src/approvals/notes/ask.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { withCurrentPeople } from '../../src/approvals/people/currentPeople.ts'
import { mostAsked, mostAskedByOne } from '../../src/core/note.ts'
import { standing } from '../../src/core/standing.ts'
import { refused, testChannel } from '../support/channel.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const changes = (request: string, user: string, text = 'Only the counts, please.') =>
  askForChanges(world.ports, { ...attemptBy(request, user), text })
const question = async (request: string, user: string, text = 'Who reads this?') => {
  const asked = await askQuestion(world.ports, { ...attemptBy(request, user), text })
  const note = asked.request.notes?.at(-1)
  if (!note) throw new Error('no note')
  return note.id
}
const answer = (request: string, user: string, to: string, text = 'The board does.') =>
  answerQuestion(world.ports, { ...attemptBy(request, user), to, text })
const agentSays = (request: string, to: string, text = 'I will ask for counts.') =>
  answerAsAgent(world.ports, { request, agent: world.agent.agent, via: 'api', to, text })
const read = async (id: string) => {
  const request = await store.request(id)
  if (!request) throw new Error('it is gone')
  return request
}

describe('a note', () => {
  test('stands on the request, in the thread and in the ledger; nothing is decided and the deadline goes on', async () => {
    const channel = testChannel()
    const asked = await ask(world, 'deploy.start')
    await announce(world.ports, channel, asked.id)

    const { request } = await changes(asked.id, 'U0GRACE')
    await refresh(world.ports, channel, { request: asked.id })

    expect(request).toMatchObject({ state: 'pending', version: 2, decisions: [], expiresAt: asked.expiresAt })
    expect(request.notes).toMatchObject([
      {
        kind: 'changes',
        by: expect.stringMatching(/^per_/),
        account: keyOf('U0GRACE'),
        text: 'Only the counts, please.',
      },
    ])
    expect(channel.said).toContain('tell note.written')
    const [entry] = await entriesOf(store, asked.id, 'note.written')
    expect(entry?.actor).toMatchObject({ kind: 'person', account: keyOf('U0GRACE'), via: 'slack' })
    expect(entry?.data).toMatchObject({ kind: 'changes', note: request.notes?.[0]?.id })
    expect(JSON.stringify(entry?.data)).not.toContain('counts')
    expect(entry?.blobs.map((blob) => blob.name)).toEqual(['identity', 'note'])
    expect(store.jobs.has(`expire:${asked.id}`)).toBe(true)
  })

  test('is never a vote: whoever wrote it decides afterwards, and until then nobody has', async () => {
    const { id } = await ask(world, 'deploy.start')
    const { request } = await changes(id, 'U0GRACE')

    expect(standing(await withCurrentPeople(world.ports, request))?.met).toBe(false)
    expect((await click(world, id, 'U0GRACE')).request.state).toBe('approved')
  })

  test.each([
    ['own-request: the initiator', 'U0ALICE', 'own_request'],
    ['own-request: the owner of the agent', 'U0LEE', 'own_request'],
    ['an outsider', 'U0OMAR', 'not_in_leg'],
  ])('%s cannot ask for anything, and it is recorded', async (_, user, code) => {
    const { id } = await ask(world, 'deploy.start')

    await expect(changes(id, user)).rejects.toMatchObject({ code })
    await expect(question(id, user)).rejects.toMatchObject({ code })

    expect((await read(id)).notes).toBeUndefined()
    const kinds = (await entriesOf(store, id, 'decision.refused')).map(({ data }) => [data.kind, data.code])
    expect(kinds).toEqual([
      ['ask_changes', code],
      ['ask_question', code],
    ])
  })

  test('control: the same person in the same group can when somebody else asked', async () => {
    world.directory.groups.set('S0SECURITY', ['U0ALICE', 'U0PRIYA'])
    const own = await ask(world, 'db.export')
    const other = await ask(world, 'db.export', { initiator: { email: 'noor@acme.test' } })

    await expect(changes(own.id, 'U0ALICE')).rejects.toMatchObject({ code: 'own_request' })
    await expect(changes(other.id, 'U0ALICE')).resolves.toMatchObject({ repeated: false })
  })

  test('of somebody who has left the staff does not count', async () => {
    const { id } = await ask(world, 'deploy.start')
    world.directory.changeAccount('U0GRACE', { guest: true })
    await expect(changes(id, 'U0GRACE')).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('says something', async () => {
    const { id } = await ask(world, 'deploy.start')
    await expect(changes(id, 'U0GRACE', ' \u200b ')).rejects.toMatchObject({ code: 'reason_needed' })
  })

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['approved', (id) => click(world, id, 'U0GRACE')],
    ['denied', (id) => click(world, id, 'U0GRACE', { kind: 'deny' })],
    ['cancelled', (id) => cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' })],
    [
      'expired',
      async (id) => {
        world.clock.advance(86_400)
        await expire(world.ports, id)
      },
    ],
  ])('comes too late once it is %s', async (_, end) => {
    const { id } = await ask(world, 'deploy.start')
    const to = await question(id, 'U0GRACE')
    await end(id)

    await expect(changes(id, 'U0NOOR')).rejects.toMatchObject({ code: 'wrong_state' })
    await expect(answer(id, 'U0ALICE', to)).rejects.toMatchObject({ code: 'wrong_state' })
    await expect(agentSays(id, to)).rejects.toMatchObject({ code: 'wrong_state' })

    expect((await read(id)).notes).toHaveLength(1)
  })

  test('late-approval: after the deadline there is none, also before its job has come', async () => {
    const { id } = await ask(world, 'deploy.start')
    const to = await question(id, 'U0GRACE')
    world.clock.advance(86_400)

    await expect(agentSays(id, to)).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await read(id)).toMatchObject({ state: 'expired' })
  })

  test('redelivery: the same click twice is one note', async () => {
    const { id } = await ask(world, 'deploy.start')
    const attempt = { ...attemptBy(id, 'U0GRACE'), text: 'Why now?' }
    const tries = await Promise.all([askQuestion(world.ports, attempt), askQuestion(world.ports, attempt)])

    expect(tries.map(({ repeated }) => repeated).sort()).toEqual([false, true])
    expect((await read(id)).notes).toHaveLength(1)
  })

  test('race: two at once both stand', async () => {
    const { id } = await ask(world, 'deploy.start')
    await Promise.all([changes(id, 'U0GRACE'), question(id, 'U0NOOR')])
    expect((await read(id)).notes?.map(({ kind }) => kind).sort()).toEqual(['changes', 'question'])
  })

  test('race: beside the approval that releases it, one comes first and the other knows', async () => {
    const { id } = await ask(world, 'deploy.start')
    const [approved, noted] = await Promise.allSettled([click(world, id, 'U0NOOR'), changes(id, 'U0GRACE')])

    expect(approved.status).toBe('fulfilled')
    const request = await read(id)
    expect(request.state).toBe('approved')
    expect(request.notes?.length ?? 0).toBe(noted.status === 'fulfilled' ? 1 : 0)
  })

  test('one person cannot flood a request, nor can all together', async () => {
    const { id } = await ask(world, 'deploy.start')
    for (let nth = 0; nth < mostAskedByOne; nth += 1) await changes(id, 'U0GRACE')

    await expect(question(id, 'U0GRACE')).rejects.toMatchObject({ code: 'too_many_notes' })
    await expect(question(id, 'U0NOOR')).resolves.toMatch(/^note_/)
    expect(mostAsked).toBeGreaterThan(mostAskedByOne)
  })
})

describe('a question', () => {
  test('is put to the initiator, whose answer stands as theirs; anybody else is refused', async () => {
    const channel = testChannel()
    const { id } = await ask(world, 'deploy.start')
    const to = await question(id, 'U0GRACE')
    expect(store.jobs.get(`question:${to}`)).toMatchObject({ task: 'question', request: id, note: to })

    await putQuestion(world.ports, channel, { request: id, note: to })
    expect(channel.said).toEqual([`question ${keyOf('U0ALICE')} ${to} pending`])

    for (const other of ['U0GRACE', 'U0LEE', 'U0OMAR'])
      await expect(answer(id, other, to)).rejects.toMatchObject({ code: 'not_asked' })
    await answer(id, 'U0ALICE', to)

    expect((await read(id)).notes?.at(-1)).toMatchObject({
      kind: 'answer',
      to,
      account: keyOf('U0ALICE'),
      text: 'The board does.',
    })
    expect(await read(id)).toMatchObject({ state: 'pending', decisions: [] })
    await expect(answer(id, 'U0ALICE', to, 'Or not.')).rejects.toMatchObject({ code: 'already_answered' })
    await putQuestion(world.ports, channel, { request: id, note: to })
    expect(channel.said).toHaveLength(1)
  })

  test('that names another note, or none, is refused', async () => {
    const { id } = await ask(world, 'deploy.start')
    const { request } = await changes(id, 'U0GRACE')
    const to = request.notes?.[0]?.id ?? ''
    await expect(answer(id, 'U0ALICE', to)).rejects.toMatchObject({ code: 'unknown_note' })
    await expect(answer(id, 'U0ALICE', 'note_x')).rejects.toMatchObject({ code: 'unknown_note' })
    await expect(agentSays(id, 'note_x')).rejects.toMatchObject({
      code: 'unknown_note',
      problems: [{ pointer: '/to' }],
    })
  })

  test('bad-hour: where the direct message is refused the note stays, and the job waits again', async () => {
    const channel = testChannel()
    channel.fail = () => ({ fault: refused, tookEffect: false })
    const { id } = await ask(world, 'deploy.start')
    const to = await question(id, 'U0GRACE')

    await expect(putQuestion(world.ports, channel, { request: id, note: to })).rejects.toMatchObject({
      code: 'not_in_channel',
    })

    expect((await read(id)).notes).toHaveLength(1)
    channel.fail = () => null
    await putQuestion(world.ports, channel, { request: id, note: to })
    expect(channel.said).toHaveLength(1)
  })

  test('is put to nobody who has left, and not once the request has ended', async () => {
    const channel = testChannel()
    const { id } = await ask(world, 'deploy.start')
    const to = await question(id, 'U0GRACE')
    world.directory.changeAccount('U0ALICE', { active: false })
    await putQuestion(world.ports, channel, { request: id, note: to })
    world.directory.changeAccount('U0ALICE', { active: true })
    await click(world, id, 'U0NOOR')
    await putQuestion(world.ports, channel, { request: id, note: to })

    expect(channel.said).toEqual([])
  })
})

describe('the agent answers', () => {
  test('once for each note, beside the initiator; the same again is answered as before, also later', async () => {
    const { id } = await ask(world, 'deploy.start')
    const to = await question(id, 'U0GRACE')
    await answer(id, 'U0ALICE', to)

    const first = await agentSays(id, to)
    const again = await agentSays(id, to)

    expect([first.created, again.created]).toEqual([true, false])
    expect(first.request.notes?.at(-1)).toMatchObject({ kind: 'answer', by: 'agent', account: null, to })
    expect((await read(id)).notes).toHaveLength(3)
    await expect(agentSays(id, to, 'Something else.')).rejects.toMatchObject({ code: 'already_answered' })
    const [, , entry] = await entriesOf(store, id, 'note.written')
    expect(entry?.actor).toMatchObject({ kind: 'agent', id: world.agent.agent.id, via: 'api' })
    await click(world, id, 'U0NOOR')
    expect(await agentSays(id, to)).toMatchObject({ created: false })
  })

  test('no request of another agent', async () => {
    const { id } = await ask(world, 'deploy.start')
    const to = await question(id, 'U0GRACE')
    const by = { email: 'lee@acme.test' }
    const other = await addAgent(world.ports, { name: 'other', owner: by, by, via: 'test' })

    await expect(
      answerAsAgent(world.ports, { request: id, agent: other.agent, via: 'api', to, text: 'Yes.' }),
    ).rejects.toMatchObject({ code: 'unknown_request' })
  })
})
