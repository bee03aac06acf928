import { expect, test } from 'vitest'
import { applyRetention, retentionJobs } from '../../src/approvals/erasure/retention.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { testChannel } from '../support/channel.ts'
import { askToErase, erasingPolicy } from '../support/erasingWorld.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { done, rollbackWorld, undo } from '../support/rollbackWorld.ts'
import { ask, click, testWorld } from '../support/world.ts'

const day = 86_400

/** What is older than 30 days is too old; Grace has denied a request. */
async function denied() {
  const store = memoryStore()
  const world = await testWorld({ store, policy: erasingPolicy() })
  const ports: Ports = { ...world.ports, retentionDays: 30 }
  const { id } = await ask(world, 'iam.change')
  await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'words-of-grace' })
  const look = async (days: number) => {
    world.clock.advance(days * day)
    await applyRetention(ports, {})
    return store.ledger.filter(({ type }) => type === 'retention.applied')
  }
  return { store, world, ports, id, look }
}

test('what ended longer ago than the operator keeps it is emptied, with an entry that says how much', async () => {
  const { store, id, look } = await denied()
  const kept = store.blobs.length

  expect(await look(29)).toEqual([])
  const [said, ...more] = await look(2)

  expect(more).toEqual([])
  expect(said).toMatchObject({
    type: 'retention.applied',
    actor: { kind: 'system', id: 'retention', via: 'clock' },
    subject: { kind: 'installation' },
    request: null,
    data: { days: 30, requests: 1, values: kept - store.blobs.length },
  })
  expect(await store.request(id)).toMatchObject({
    state: 'denied',
    action: { params: {} },
    reason: null,
    erased: { entry: said?.id },
  })
  expect(store.blobs.filter(({ text }) => text.includes('words-of-grace'))).toEqual([])
  expect(await look(1)).toHaveLength(1) // nothing is left
})

test('what is open stays whole, however old it is, and so does what was asked a short while ago', async () => {
  const { store, world, look } = await denied()
  const open = await ask(world, 'db.export')
  world.clock.advance(31 * day)
  const young = await ask(world, 'db.export')

  expect(await look(0)).toMatchObject([{ data: { requests: 1 } }])

  for (const { id } of [open, young])
    expect(await store.request(id)).toMatchObject({ action: { params: { rows: 10 } } })
})

test('the record of a command of ours is kept', async () => {
  const { store, world, id, look } = await denied()
  const asked = await askToErase(world, { what: 'request', id })
  await click(world, asked.id, 'U0PRIYA', { kind: 'deny', reason: 'no' })

  expect(await look(60)).toMatchObject([{ data: { requests: 1 } }])

  expect((await store.request(asked.id))?.erased).toBeUndefined()
})

test('a request stays while its rollback is open, and until that has ended long enough ago', async () => {
  const { store, world } = await rollbackWorld()
  const ports: Ports = { ...world.ports, retentionDays: 30 }
  const first = await done(world)
  world.clock.advance(40 * day)
  const rollback = await undo(world, first)
  const isEmpty = async (id: string) => Boolean((await store.request(id))?.erased)

  await applyRetention(ports, {})
  expect(await isEmpty(first.id)).toBe(false)
  await click(world, rollback.id, 'U0GRACE', { kind: 'deny', reason: 'no' })
  await applyRetention(ports, {})
  expect(await isEmpty(first.id)).toBe(false)
  world.clock.advance(31 * day)
  await applyRetention(ports, {})

  expect([await isEmpty(first.id), await isEmpty(rollback.id)]).toEqual([true, true])
})

test('nothing is emptied where no days are set', async () => {
  const { store, world, ports } = await denied()
  world.clock.advance(3_650 * day)

  await applyRetention({ ...ports, retentionDays: null }, {})

  expect(store.ledger.some(({ type }) => type === 'retention.applied')).toBe(false)
  expect(store.jobs.has('retain')).toBe(false)
  expect(retentionJobs({ retentionDays: null })).toEqual([])
})

test('is a job of the worker, which comes again', async () => {
  const { store, world, ports, id } = await denied()
  const { runDue } = jobsAtWork({ ports, store, channel: testChannel(), clock: world.clock })
  world.clock.advance(31 * day)
  await store.commit({ entries: [], jobs: retentionJobs(ports) })

  await runDue()

  expect((await store.request(id))?.erased).toBeDefined()
  expect(store.jobs.get('retain')).toMatchObject({ at: expect.any(String) })
})
