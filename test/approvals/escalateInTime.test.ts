import { beforeEach, describe, expect, test } from 'vitest'
import { escalateInTime } from '../../src/approvals/escalate.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const waits = () => [...store.jobs.keys()].filter((key) => key.startsWith('escalate:'))

describe('the deadline escalates', () => {
  test('a job waits for each escalation, at its time', async () => {
    const request = await ask(world, 'node.drain')

    expect(store.jobs.get(`escalate:${request.id}:0`)).toMatchObject({ at: '2026-11-24T14:10:00.000Z' })
    expect(store.jobs.get(`escalate:${request.id}:1`)).toMatchObject({ at: '2026-11-24T14:20:00.000Z' })
  })

  test('then its people may help, those before them too, and it is recorded', async () => {
    const request = await ask(world, 'node.drain')
    await expect(click(world, request.id, 'U0SAM')).rejects.toMatchObject({ code: 'not_in_leg' })
    world.clock.advance(600)

    await escalateInTime(world.ports, { request: request.id, nth: 0 })

    const escalated = await store.request(request.id)
    expect(escalated).toMatchObject({
      state: 'pending',
      version: 2,
      escalations: [{ by: 'deadline', reason: null, to: { ref: 'group:security' }, legs: ['platform'] }],
    })
    const [entry] = await entriesOf(store, request.id, 'request.escalated')
    expect(entry).toMatchObject({
      actor: { kind: 'system', id: 'deadline', via: 'clock' },
      data: { nth: 0, to: { ref: 'group:security', address: 'slack:S0SECURITY' }, legs: ['platform'] },
    })
    expect((await click(world, request.id, 'U0SAM')).request.state).toBe('approved')
  })

  test('it removes nobody: whoever could decide before still can', async () => {
    const request = await ask(world, 'node.drain')
    world.clock.advance(600)
    await escalateInTime(world.ports, { request: request.id, nth: 0 })

    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('once, however often its job runs', async () => {
    const request = await ask(world, 'node.drain')
    world.clock.advance(600)

    await Promise.all([0, 0, 0].map((nth) => escalateInTime(world.ports, { request: request.id, nth })))

    expect(await entriesOf(store, request.id, 'request.escalated')).toHaveLength(1)
    expect((await store.request(request.id))?.escalations).toHaveLength(1)
  })

  test('one whose turn came while an earlier one was held up takes both, in order', async () => {
    const request = await ask(world, 'node.drain')
    world.clock.advance(1_200)

    await escalateInTime(world.ports, { request: request.id, nth: 1 })
    await escalateInTime(world.ports, { request: request.id, nth: 0 })

    const refs = (await store.request(request.id))?.escalations.map(({ to }) => to.ref)
    expect(refs).toEqual(['group:security', 'group:data-owners'])
    expect((await entriesOf(store, request.id, 'request.escalated')).map(({ data }) => data.nth)).toEqual([
      0, 1,
    ])
  })

  test('clock: not before its time; its job waits again', async () => {
    const request = await ask(world, 'node.drain')
    world.clock.advance(599)

    await escalateInTime(world.ports, { request: request.id, nth: 0 })

    expect((await store.request(request.id))?.escalations).toEqual([])
    expect(store.jobs.get(`escalate:${request.id}:0`)).toMatchObject({ at: '2026-11-24T14:10:00.000Z' })
  })

  test('never what is settled, and settling drops the jobs', async () => {
    const request = await ask(world, 'node.drain')
    await click(world, request.id, 'U0GRACE')
    expect(waits()).toEqual([])
    world.clock.advance(600)

    await escalateInTime(world.ports, { request: request.id, nth: 0 })

    expect(await entriesOf(store, request.id, 'request.escalated')).toEqual([])
  })

  test('one that the agent’s own expiry leaves no time for is dropped', async () => {
    const request = await ask(world, 'node.drain', { expiresInSeconds: 900 })
    expect(request.requirement?.escalate.map(({ to }) => to.ref)).toEqual(['group:security'])
    expect(waits()).toEqual([`escalate:${request.id}:0`])
  })
})
