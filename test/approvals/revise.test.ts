import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { viewOf } from '../../src/approvals/inspect.ts'
import { askForChanges, askQuestion } from '../../src/approvals/notes/ask.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { submit } from '../../src/approvals/submit.ts'
import { cardContent } from '../../src/card/content.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, attemptBy, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const read = async (id: string) => {
  const request = await store.request(id)
  if (!request) throw new Error('it is gone')
  return request
}

/** A request for which Grace has asked for changes. */
async function wanting(change: Parameters<typeof ask>[2] = {}) {
  const { id } = await ask(world, 'deploy.start', change)
  await askForChanges(world.ports, { ...attemptBy(id, 'U0GRACE'), text: 'Fewer rows.' })
  return id
}

const revise = (revises: string, params: Record<string, number> = { rows: 5 }) =>
  ask(world, 'deploy.start', submission('deploy.start', { revises, params }))

describe('a revision', () => {
  test('ends what it revises in the same commit; both say so, the card what differs', async () => {
    const first = await wanting()
    const revision = await revise(first)

    expect(revision).toMatchObject({ state: 'pending', revises: first })
    expect(await read(first)).toMatchObject({ state: 'cancelled', revisedBy: revision.id })
    const [asked] = await entriesOf(store, revision.id, 'request.submitted')
    const [ended] = await entriesOf(store, first, 'request.cancelled')
    expect(asked?.data).toMatchObject({ revises: first })
    expect(ended?.data).toEqual({ outcome: 'revised', revised_by: revision.id })
    expect(store.jobs.has(`expire:${first}`)).toBe(false)
    expect(store.jobs.has(`refresh:${first}`)).toBe(true)
    const { revision: said } = cardContent(await viewOf(world.ports, revision))
    expect(said).toContainEqual({ quote: 'Fewer rows.' })
    expect(said).toContainEqual({ lines: ['rows: 10 → 5'] })
    expect((await click(world, revision.id, 'U0GRACE')).request.state).toBe('approved')
    await expect(click(world, first, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
  })

  test('that asks the same says so', async () => {
    const revision = await revise(await wanting(), { rows: 10 })
    const { revision: said } = cardContent(await viewOf(world.ports, revision))
    expect(JSON.stringify(said)).toContain('Asks exactly the same')
  })

  test('may be what policy allows or denies at once', async () => {
    const first = await wanting()
    const allowed = await ask(world, 'repo.read', { revises: first })
    const second = await wanting()
    const denied = await ask(world, 'audit.delete', { revises: second })

    expect([allowed.state, denied.state]).toEqual(['approved', 'denied'])
    expect(await read(first)).toMatchObject({ state: 'cancelled', revisedBy: allowed.id })
    expect(await read(second)).toMatchObject({ state: 'cancelled', revisedBy: denied.id })
  })

  test('leaves behind it who was behind what it revises', async () => {
    const first = await wanting({ involved: [{ email: 'noor@acme.test' }] })
    const revision = await revise(first)
    await expect(click(world, revision.id, 'U0NOOR')).rejects.toMatchObject({ code: 'own_request' })
  })

  test('retry-storm: under the same key there is one', async () => {
    const first = await wanting()
    const by = envelope(world)
    const asked = submission('deploy.start', { revises: first, params: { rows: 5 } })
    const one = await submit(world.ports, by, asked)
    const again = await submit(world.ports, by, asked)

    expect(again).toMatchObject({ created: false, request: { id: one.request.id } })
    expect(await read(first)).toMatchObject({ revisedBy: one.request.id })
  })

  test('race: two of one request, and one is made', async () => {
    const first = await wanting()
    const tries = await Promise.allSettled([revise(first), revise(first, { rows: 4 })])

    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'not_revisable', problems: [{ pointer: '/revises' }] },
    })
  })

  test('race: beside the approval that releases what it revises, one of both is alive', async () => {
    const first = await wanting()
    const [revised, approved] = await Promise.allSettled([revise(first), click(world, first, 'U0NOOR')])

    const { state } = await read(first)
    expect([revised.status, approved.status].sort()).toEqual(['fulfilled', 'rejected'])
    expect(state).toBe(revised.status === 'fulfilled' ? 'cancelled' : 'approved')
  })

  test('is asked where as many wait as may: one takes the place of the other', async () => {
    const first = await wanting()
    for (let nth = 1; nth < 20; nth += 1) await ask(world, 'deploy.start')
    await expect(ask(world, 'deploy.start')).rejects.toMatchObject({ code: 'too_many_pending' })

    expect(await revise(first)).toMatchObject({ state: 'pending' })
    await expect(ask(world, 'deploy.start')).rejects.toMatchObject({ code: 'too_many_pending' })
  })
})

describe('nothing is revised', () => {
  const places = { problems: [{ pointer: '/revises', detail: expect.any(String) }] }

  test('that nobody has asked to be changed: a question does not do', async () => {
    const { id } = await ask(world, 'deploy.start')
    await askQuestion(world.ports, { ...attemptBy(id, 'U0GRACE'), text: 'Why?' })

    await expect(revise(id)).rejects.toMatchObject({ code: 'not_revisable', ...places })
    expect(await read(id)).toMatchObject({ state: 'pending' })
  })

  test('of another agent (threats: sent-link)', async () => {
    const first = await wanting()
    const by = { email: 'lee@acme.test' }
    const { agent, key } = await addAgent(world.ports, { name: 'other', owner: by, by, via: 'test' })

    await expect(
      submit(world.ports, envelope(world, { agent, key }), submission('deploy.start', { revises: first })),
    ).rejects.toMatchObject({ code: 'unknown_request', ...places })
    expect(await read(first)).toMatchObject({ state: 'pending' })
  })

  test('on behalf of somebody else (threats: claimed-initiator)', async () => {
    const first = await wanting()
    await expect(
      ask(world, 'deploy.start', { revises: first, initiator: { email: 'omar@acme.test' } }),
    ).rejects.toMatchObject({ code: 'not_revisable', ...places })
    expect(await read(first)).toMatchObject({ state: 'pending' })
  })

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['approved', (id) => click(world, id, 'U0NOOR')],
    ['denied', (id) => click(world, id, 'U0NOOR', { kind: 'deny' })],
    ['cancelled', (id) => cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' })],
    ['revised', (id) => revise(id)],
    ['over', async () => world.clock.advance(86_400)],
  ])('that is %s', async (_, end) => {
    const first = await wanting()
    await end(first)
    const before = await read(first)

    await expect(revise(first, { rows: 3 })).rejects.toMatchObject({ code: 'not_revisable', ...places })
    expect(await read(first)).toEqual(before)
  })

  test('that was declared with its rollback', async () => {
    const { action } = submission('table.drop')
    const first = await wanting({ rollback: action })
    await expect(revise(first)).rejects.toMatchObject({ code: 'not_revisable', ...places })
  })
})
