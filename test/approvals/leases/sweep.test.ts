import { expect, test } from 'vitest'
import { sweepTargets } from '../../../src/approvals/leases/sweep.ts'
import { doubleTarget } from '../../issuers/doubleTarget.ts'
import { leaseWorld } from './leaseWorld.ts'

test('what a target lists and nobody remembers is ended, and what is out stays', async () => {
  const target = doubleTarget()
  const world = await leaseWorld([target])
  const { lease } = await world.ask((await world.executing()).id)
  target.there.set('lse_forgotten', 'a secret')

  await sweepTargets(world.ports)

  expect([...target.there.keys()]).toEqual([lease.id])
})

test('what its record calls ended and the target still has is ended again', async () => {
  const target = doubleTarget()
  const world = await leaseWorld([target])
  const { id } = await world.executing()
  const { lease } = await world.ask(id)
  world.clock.advance(600)
  await world.runDue()
  target.there.set(lease.id, 'made late') // by a process that slept meanwhile
  world.clock.advance(60)

  await sweepTargets(world.ports)

  expect(target.there.size).toBe(0)
  const ends = (await world.store.entries(id)).filter(({ type }) => type === 'lease.ended')
  expect(ends.map(({ data }) => data.why)).toEqual(['expired', 'orphan'])
})

test('a lease whose job is not there gets it again', async () => {
  const target = doubleTarget()
  const world = await leaseWorld([target])
  const { lease } = await world.ask((await world.executing()).id)
  await world.store.commit({ entries: [], dropJobs: [`endLease:${lease.id}`] })
  world.clock.advance(700)

  await sweepTargets(world.ports)
  await world.runDue()

  expect(await world.store.lease(lease.id)).toMatchObject({ state: 'ended' })
})

test('the next look comes whatever a target does, and one that is deaf does not hide another', async () => {
  const deaf = doubleTarget({ target: 'deaf' })
  const other = doubleTarget()
  const world = await leaseWorld([deaf, other])
  other.there.set('lse_forgotten', 'a secret')
  deaf.next.push('deaf')

  await expect(sweepTargets(world.ports)).rejects.toMatchObject({ code: 'target_unavailable' })

  expect(other.there.size).toBe(0)
  expect(world.memory.jobs.get('sweepTargets')).toMatchObject({ at: '2026-11-24T14:00:30.000Z' })
})

test('control: without targets nothing is looked at, and nothing comes again', async () => {
  const world = await leaseWorld([])

  await sweepTargets(world.ports)

  expect(world.memory.jobs.has('sweepTargets')).toBe(false)
})
