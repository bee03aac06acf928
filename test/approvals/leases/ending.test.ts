import { describe, expect, test } from 'vitest'
import { endLease, jobsToEndLeases } from '../../../src/approvals/leases/end.ts'
import { issueCredential } from '../../../src/approvals/leases/issue.ts'
import { revokeAgent, rotateKey } from '../../../src/approvals/people/agents.ts'
import { doubleTarget } from '../../issuers/doubleTarget.ts'
import { type LeaseWorld, leaseWorld } from './leaseWorld.ts'

const byHand = { why: 'by_hand', actor: { kind: 'system', id: 'operator', via: 'cli' } } as const

describe('its end', () => {
  test('comes when its time is over, and not before', async () => {
    const target = doubleTarget({ seconds: 300 })
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    const { lease } = await world.ask(id)

    world.clock.advance(299)
    await world.runDue()
    expect(target.there.size).toBe(1)
    world.clock.advance(1)
    await world.runDue()

    expect(target.there.size).toBe(0)
    expect(await world.store.lease(lease.id)).toMatchObject({
      state: 'ended',
      ending: 'expired',
      sealed: null,
    })
    expect((await world.store.entries(id)).map(({ type }) => type)).toContain('lease.ended')
    expect([...world.memory.jobs.keys()].filter((key) => key.startsWith('endLease'))).toEqual([])
  })

  test('comes with what ends the request, and is not put off by its own time', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    const { lease } = await world.ask(id)

    await world.store.commit({ entries: [], jobs: await jobsToEndLeases(world.ports, id, 'reported') })
    await world.runDue()

    expect(target.there.size).toBe(0)
    expect(await world.store.lease(lease.id)).toMatchObject({ ending: 'reported' })
  })

  test('is on record only when the target says that it is gone', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { lease } = await world.ask((await world.executing()).id)
    target.next.push('deaf')

    await expect(endLease(world.ports, { lease: lease.id, ...byHand })).rejects.toMatchObject({
      code: 'target_unavailable',
    })
    expect(await world.store.lease(lease.id)).toEqual(lease)

    expect(await endLease(world.ports, { lease: lease.id, ...byHand })).toMatchObject({ state: 'ended' })
    expect(await endLease(world.ports, { lease: lease.id, ...byHand })).toMatchObject({ state: 'ended' })
    const entries = await world.store.entries(lease.request)
    expect(entries.filter(({ type }) => type === 'lease.ended')).toHaveLength(1)
  })

  test('cannot come earlier where nothing is taken back: that is said, and it stays out until its time', async () => {
    const target = doubleTarget({ ends: 'at expiry', seconds: 900 })
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    const { lease } = await world.ask(id)
    expect(lease.state).toBe('expires')

    const kept = await endLease(world.ports, { lease: lease.id, ...byHand })
    await endLease(world.ports, { lease: lease.id, ...byHand })

    expect(kept).toMatchObject({ state: 'expires', ending: 'by_hand', endedAt: null })
    await expect(world.ask(id, { again: true })).rejects.toMatchObject({ code: 'credential_out' })
    world.clock.advance(900)
    await world.runDue()
    expect(await world.store.lease(lease.id)).toMatchObject({ state: 'ended', ending: 'by_hand' })
    const types = (await world.store.entries(id)).map(({ type }) => type)
    expect(types.filter((type) => type.startsWith('lease.'))).toEqual([
      'lease.issued',
      'lease.expires',
      'lease.ended',
    ])
    expect(target.asked).toEqual(['issue'])
  })

  test('of one that nobody was given and nothing takes back is its time: it stays listed, and the agent may ask anew', async () => {
    const target = doubleTarget({ ends: 'at expiry', seconds: 900 })
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    target.next.push('late')

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'target_unavailable' })
    expect(await world.store.leases({ request: id, limit: 5 })).toMatchObject([
      { state: 'expires', ending: 'no_answer' },
    ])

    expect((await world.ask(id)).lease.state).toBe('expires')
  })

  test('at a target that is not configured any more is known by nobody, unless the operator says that it is gone', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { lease } = await world.ask((await world.executing()).id)
    const without = { ...world.ports, targets: [] }

    await expect(endLease(without, { lease: lease.id, ...byHand })).rejects.toMatchObject({
      code: 'target_unavailable',
    })
    expect(await endLease(without, { lease: lease.id, ...byHand, attested: true })).toMatchObject({
      state: 'ended',
    })
  })
})

describe('an agent that is revoked in that moment', () => {
  const revocations = [
    [
      'the agent',
      (world: LeaseWorld) => revokeAgent(world.ports, { name: 'billing-agent', by, via: 'test' }),
    ],
    ['its key', (world: LeaseWorld) => rotateKey(world.ports, { name: 'billing-agent', by, via: 'test' })],
  ] as const
  const by = { email: 'lee@acme.test' }

  test.each(revocations)('between the look and the commit gets nothing: %s', async (_, revoke) => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    let isRevoked = false
    const commit: typeof world.memory.commit = async (change) => {
      if (!isRevoked) await revoke(world)
      isRevoked = true
      return world.memory.commit(change)
    }
    const ports = { ...world.ports, store: { ...world.memory, commit } }
    const caller = { agent: world.agent.agent, key: world.agent.key }

    await expect(
      issueCredential(ports, { request: id, caller, target: null, again: false, via: 'api' }),
    ).rejects.toMatchObject({ code: 'unauthenticated' })

    expect(target.asked).toEqual([])
    expect(await world.store.leases({ request: id, limit: 5 })).toEqual([])
  })
})
