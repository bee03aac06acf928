import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/approvals/change.ts'
import { endLease } from '../../../src/approvals/leases/end.ts'
import { revokeAgent } from '../../../src/approvals/people/agents.ts'
import { doubleTarget } from '../../issuers/doubleTarget.ts'
import { anotherAgent, throughAgents } from '../../support/chainWorld.ts'
import { eventually } from '../../support/eventually.ts'
import { leaseWorld } from './leaseWorld.ts'

const byHand = { why: 'by_hand', actor: { kind: 'system', id: 'operator', via: 'cli' } } as const

describe('a credential', () => {
  test('is given for a redeemed grant, once, and is on record before and after the target was asked', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    const open = target.hold()

    const asking = world.ask(id)
    await eventually(() => expect(target.asked).toEqual(['issue']))
    const [before] = await world.store.leases({ request: id, limit: 5 })
    open()
    const { lease, credential, ends } = await asking

    expect(before).toMatchObject({ state: 'issuing', about: { name: `name-of-${lease.id}` }, sealed: null })
    expect(lease).toMatchObject({ state: 'out', target: 'warehouse', request: id, endedAt: null })
    expect(credential).toEqual({ secret: `the secret of ${lease.id}` })
    expect(ends).toBe('at once')
    expect(await world.store.lease(lease.id)).toEqual(lease)
    expect((await world.store.entries(id)).map(({ type }) => type)).toContain('lease.issued')
  })

  test('stands nowhere: not in the record, an entry or a job; what ends it only sealed', async () => {
    const world = await leaseWorld([doubleTarget()])
    const { id } = await world.executing()

    const { lease } = await world.ask(id)

    const everything = await world.writtenOf(lease)
    expect(everything).not.toContain('the secret of')
    expect(everything).not.toContain('what ends')
    const sealedFor = { purpose: 'lease', row: lease.id }
    expect(world.ports.sealer.open(lease.sealed ?? '', sealedFor)).toBe(`what ends ${lease.id}`)
  })

  test('of fifty that ask at once, one is given one', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()

    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => world.ask(id)))

    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(new Set(refused)).toEqual(new Set(['credential_out']))
    expect(target.there.size).toBe(1)
  })

  test('whose answer was lost is ended before there is another, and there is no third', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    const first = await world.ask(id)

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'credential_out' })
    const second = await world.ask(id, { again: true })

    expect([...target.there.keys()]).toEqual([second.lease.id])
    expect(await world.store.lease(first.lease.id)).toMatchObject({ state: 'ended', ending: 'answer_lost' })
    await expect(world.ask(id, { again: true })).rejects.toMatchObject({ code: 'credential_spent' })
    expect([...target.there.keys()]).toEqual([second.lease.id])
  })
})

describe('nothing is given', () => {
  test('while the request is not executing', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id, version } = await world.executing()
    const now = await world.store.request(id)
    if (!now) throw new Error('no request')
    await world.store.commit({
      request: { expected: version, next: { ...now, version: version + 1, state: 'succeeded' } },
      entries: [],
    })

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'wrong_state' })
    expect(target.asked).toEqual([])
  })

  test('for a grant that was redeemed by a resource', async () => {
    const world = await leaseWorld([doubleTarget()])
    const at = world.clock().toISOString()
    const { id } = await world.executing({
      redeemed: { attempt: 'one', by: { kind: 'resource', id: 'rsc_1' }, at },
    })

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'not_your_grant' })
  })

  test('for a grant of another audience, by a target of another name, or to another agent', async () => {
    const world = await leaseWorld([doubleTarget()])
    const { id } = await world.executing({ audience: 'https://other.acme.test' })
    const { id: right } = await world.executing()

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'no_credential' })
    await expect(world.ask(right, { target: 'lake' })).rejects.toMatchObject({ code: 'no_credential' })
    const stranger = { agent: { ...world.agent.agent, id: 'agt_stranger' }, key: world.agent.key }
    await expect(world.ask(right, { caller: stranger })).rejects.toMatchObject({ code: 'unknown_request' })
    expect((await world.ask(right, { target: 'warehouse' })).lease.state).toBe('out') // control
  })

  test('when two targets would and none is named', async () => {
    const world = await leaseWorld([doubleTarget(), doubleTarget({ target: 'lake' })])
    const { id } = await world.executing()

    await expect(world.ask(id)).rejects.toMatchObject({
      code: 'target_unnamed',
      problems: [{ pointer: '/target', detail: 'Name one of warehouse, lake.' }],
    })
    expect((await world.ask(id, { target: 'lake' })).lease.target).toBe('lake')
  })

  test('asked-through: once an agent that it was asked through is revoked, also in that moment; control: before', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    await anotherAgent(world, 'planner', 'bob')
    const revoke = () =>
      revokeAgent(world.ports, { name: 'planner', by: { email: 'bob@acme.test' }, via: 'cli' })
    const executing = () => world.executing({}, throughAgents('planner'))
    const [first, second, third] = [await executing(), await executing(), await executing()]
    await world.ask(first.id)
    let done = false
    const commit = async (change: Change) => {
      if (change.leases && !done) {
        done = true
        await revoke()
      }
      return world.ports.store.commit(change)
    }
    const meanwhile = { ...world.ports, store: { ...world.ports.store, commit } }

    for (const [id, ports] of [
      [second.id, meanwhile],
      [third.id, world.ports],
    ] as const)
      await expect(world.ask(id, {}, ports)).rejects.toMatchObject({ code: 'chain_revoked' })
    expect(target.there.size).toBe(1)
  })

  test('when the request ends while the target makes it: what it made ends', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    const open = target.hold()
    const asking = world.ask(id)
    await eventually(() => expect(target.asked).toEqual(['issue']))
    const [lease] = await world.store.leases({ request: id, limit: 1 })

    await endLease(world.ports, { lease: lease?.id ?? '', ...byHand })
    open()

    await expect(asking).rejects.toMatchObject({ code: 'wrong_state' })
    expect(target.there.size).toBe(0)
  })
})

describe('a target that misbehaves', () => {
  test.each([
    ['deaf', 'target_unavailable'],
    ['late', 'target_unavailable'],
    ['refuses', 'target_refused'],
  ] as const)('%s once: nothing is left, and the agent may ask anew', async (how, code) => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    target.next.push(how)

    await expect(world.ask(id)).rejects.toMatchObject({ code })
    expect(target.there.size).toBe(0)
    expect((await world.store.leases({ request: id, limit: 5 })).map(({ state }) => state)).toEqual(['ended'])

    expect((await world.ask(id)).lease.state).toBe('out')
  })

  test('late, and deaf when it is to end: it is looked at again until it is gone', async () => {
    const target = doubleTarget()
    const world = await leaseWorld([target])
    const { id } = await world.executing()
    target.next.push('late', 'deaf', 'deaf')

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'target_unavailable' })
    expect(target.there.size).toBe(1)
    expect(await world.store.leases({ request: id, limit: 5 })).toMatchObject([{ state: 'issuing' }])

    world.clock.advance(30)
    await world.runDue()
    expect(target.there.size).toBe(1) // still deaf
    await world.runDue()

    expect(target.there.size).toBe(0)
    expect(await world.store.leases({ request: id, limit: 5 })).toMatchObject([
      { state: 'ended', ending: 'no_answer' },
    ])
  })
})
