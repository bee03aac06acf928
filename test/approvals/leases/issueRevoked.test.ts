import { describe, expect, test } from 'vitest'
import { issueCredential } from '../../../src/approvals/leases/issue.ts'
import { revokeAgent, rotateKey } from '../../../src/approvals/people/agents.ts'
import { doubleTarget } from '../../issuers/doubleTarget.ts'
import { type LeaseWorld, leaseWorld } from './leaseWorld.ts'

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
