import { describe, expect, test } from 'vitest'
import { endCovered } from '../../../src/approvals/leases/endCovered.ts'
import { revokeAgent } from '../../../src/approvals/people/agents.ts'
import { makeStop } from '../../../src/approvals/stops/make.ts'
import type { WantedScope } from '../../../src/approvals/stops/scope.ts'
import { doubleTarget } from '../../issuers/doubleTarget.ts'
import { anotherAgent, throughAgents } from '../../support/chainWorld.ts'
import { type LeaseWorld, leaseWorld } from './leaseWorld.ts'

const by = { kind: 'system', id: 'operator', via: 'cli' } as const

const stopIn = ({ ports }: LeaseWorld, what: WantedScope) => makeStop(ports, { what, reason: 'Enough', by })

/** Runs the job that looks which leases are meant, and then theirs. */
async function endLeases(world: LeaseWorld) {
  for (const job of world.memory.jobs.values())
    if (job.task === 'endLeases') await endCovered(world.ports, job)
  await world.runDue()
}

test('what is stopped is given no credential', async () => {
  const target = doubleTarget()
  const world = await leaseWorld([target])
  const { id } = await world.executing()
  await stopIn(world, { kind: 'everything' })

  await expect(world.ask(id)).rejects.toMatchObject({ code: 'stopped' })
  expect(target.asked).toEqual([])
})

test('a stop that this process has not heard of is found by the commit', async () => {
  const target = doubleTarget()
  const world = await leaseWorld([target])
  const { id } = await world.executing()
  const before = await world.store.standingStops()
  await stopIn(world, { kind: 'everything' })
  let heard = false
  const deaf = {
    ...world.ports,
    stops: {
      ...world.ports.stops,
      standing: async () => (heard ? world.ports.stops.standing() : before),
      forget: () => {
        heard = true
        world.ports.stops.forget()
      },
    },
  }

  const asking = world.ask(id, {}, deaf)

  await expect(asking).rejects.toMatchObject({ code: 'stopped' })
  expect(target.asked).toEqual([])
})

test('a stop ends what is out, and only what it covers', async () => {
  const target = doubleTarget()
  const world = await leaseWorld([target])
  const { lease } = await world.ask((await world.executing()).id)

  await stopIn(world, { kind: 'action', pattern: 'deploy.*' })
  await endLeases(world)
  expect(target.there.size).toBe(1) // control

  await stopIn(world, { kind: 'action', pattern: 'db.*' })
  await endLeases(world)

  expect(target.there.size).toBe(0)
  expect(await world.store.lease(lease.id)).toMatchObject({ state: 'ended', ending: 'stopped' })
})

test('the credentials of an agent end with it', async () => {
  const target = doubleTarget()
  const world = await leaseWorld([target])
  const { lease } = await world.ask((await world.executing()).id)

  await revokeAgent(world.ports, { name: 'billing-agent', by: { email: 'lee@acme.test' }, via: 'test' })
  await endLeases(world)

  expect(target.there.size).toBe(0)
  expect(await world.store.lease(lease.id)).toMatchObject({ state: 'ended', ending: 'revoked' })
})

describe('asked-through: a credential for what was asked through an agent', () => {
  async function throughPlanner() {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    await anotherAgent(world, 'planner', 'bob')
    const revoke = () =>
      revokeAgent(world.ports, { name: 'planner', by: { email: 'bob@acme.test' }, via: 'test' })
    const { id } = await world.executing({}, throughAgents('planner'))
    return { world, target, id, revoke }
  }

  test('is not given once that is stopped, or revoked', async () => {
    const [stopped, revoked] = [await throughPlanner(), await throughPlanner()]
    await stopIn(stopped.world, { kind: 'agent', agent: 'planner' })
    await revoked.revoke()

    await expect(stopped.world.ask(stopped.id)).rejects.toMatchObject({ code: 'stopped' })
    await expect(revoked.world.ask(revoked.id)).rejects.toMatchObject({ code: 'chain_revoked' })
    expect([stopped, revoked].flatMap(({ target }) => target.asked)).toEqual([])
  })

  test('ends with it', async () => {
    const { world, target, id, revoke } = await throughPlanner()
    const { lease } = await world.ask(id)
    await revoke()

    await endLeases(world)

    expect(target.there.size).toBe(0)
    expect(await world.store.lease(lease.id)).toMatchObject({ state: 'ended', ending: 'revoked' })
  })
})
