import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { redeem } from '../../src/approvals/grants/redeem.ts'
import { revokeResource } from '../../src/approvals/grants/resources.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import type { Grant } from '../../src/core/grant.ts'
import {
  asking,
  type Cast,
  claimsOf,
  type Granted,
  granted,
  redeems,
  tokenOf,
} from '../support/grantedRequest.ts'
import { invalid, redeemingWorld } from '../support/redeemingWorld.ts'

let { store, world, cast, entriesOf, lastWhy, stateOf } = await redeemingWorld()
beforeEach(async () => {
  ;({ store, world, cast, entriesOf, lastWhy, stateOf } = await redeemingWorld())
})

describe('a token that gives nothing', () => {
  const forged = async (change: object): Promise<string> => {
    const { grant } = await granted(world)
    return world.ports.signer.sign({ ...claimsOf(grant), ...change }, { kid: grant.signedWith, typ: 'JWT' })
  }
  const unsigned = ({ token }: Granted) => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    return `${header}.${token.split('.')[1]}.`
  }
  const tokens: readonly (readonly [string, string, () => Promise<string>])[] = [
    ['malformed', 'not_ours', async () => 'nothing'],
    ['alg: none', 'not_ours', async () => unsigned(await granted(world))],
    ['of another signature', 'not_ours', async () => `${(await granted(world)).token.slice(0, -8)}AAAAAAAA`],
    ['for a request that is none', 'unknown', () => forged({ jti: `grt_${'0'.repeat(26)}` })],
    ['with a jti that is no grant', 'unknown', () => forged({ jti: 'req_1' })],
    ['for another audience than on record', 'unknown', () => forged({ aud: 'https://lake.acme.test' })],
    ['by another issuer than on record', 'unknown', () => forged({ iss: 'https://elsewhere.test' })],
  ]

  test.each(tokens)('%s', async (_, why, make) => {
    const token = await make()

    await expect(
      redeem(world.ports, asking(await granted(world), cast.agent, { token })),
    ).rejects.toMatchObject(invalid)

    expect(lastWhy()).toBe(why)
    expect(entriesOf('token.refused')).toMatchObject([
      { subject: { kind: 'agent', id: world.agent.agent.id } },
    ])
    expect(entriesOf('grant.redeemed')).toEqual([])
  })

  test('stands in no entry and no message', async () => {
    const what = await granted(world)

    const told = await redeems(world, what, cast.otherAgent).catch((refusal: Error) => refusal.message)
    await redeems(world, what, cast.agent)
    await redeems(world, what, cast.agent, { attempt: 'attempt-2' }).catch(() => null)

    expect(JSON.stringify([told, store.ledger, await store.request(what.request.id)])).not.toContain(
      what.token.split('.')[2],
    )
  })
})

describe('not-authority: whoever has a token of somebody else', () => {
  const spenders: readonly (readonly [string, string, Grant['spentBy'], keyof Cast])[] = [
    ['another agent', 'other_agent', 'agent', 'otherAgent'],
    ['a resource of another audience', 'other_audience', 'resource', 'otherResource'],
    ['the agent, where the resource spends', 'not_to_spend', 'resource', 'agent'],
    ['the resource, where the agent spends', 'not_to_spend', 'agent', 'resource'],
  ]

  test.each(spenders)('%s is refused with the same answer', async (_, why, spentBy, who) => {
    const what = await granted(world, { spentBy })

    await expect(redeems(world, what, cast[who])).rejects.toMatchObject(invalid)

    expect(lastWhy()).toBe(why)
    expect(await stateOf(what)).toBe('approved')
    // Control: whose part it is.
    await redeems(world, what, spentBy === 'agent' ? cast.agent : cast.resource)
  })

  test('an agent has to prove the key that its grant is bound to, over this token', async () => {
    const what = await granted(world, { jkt: 'thumbprint' })
    const ath = createHash('sha256').update(what.token).digest('base64url')
    const wrong = [
      null,
      { jkt: 'other', ath, name: '1' },
      { jkt: 'thumbprint', ath: null, name: '2' },
      { jkt: 'thumbprint', ath: createHash('sha256').update('other').digest('base64url'), name: '3' },
    ]

    for (const proved of wrong) {
      await expect(redeems(world, what, cast.agent, { proved })).rejects.toMatchObject(invalid)
      expect(lastWhy()).toBe('unproved')
    }
    // Control: the right proof.
    await redeems(world, what, cast.agent, { proved: { jkt: 'thumbprint', ath, name: '4' } })
  })

  test('an agent or a resource that was revoked in that moment spends nothing', async () => {
    const [agents, resources] = [await granted(world), await granted(world, { spentBy: 'resource' })]
    const by = { email: 'lee@acme.test' }
    await revokeResource(world.ports, { name: 'warehouse', via: 'test' })
    await expect(redeems(world, resources, cast.resource)).rejects.toMatchObject({ code: 'unauthenticated' })
    await revokeAgent(world.ports, { name: 'billing-agent', by, via: 'test' })
    await expect(redeems(world, agents, cast.agent)).rejects.toMatchObject({ code: 'unauthenticated' })

    expect([await stateOf(agents), await stateOf(resources)]).toEqual(['approved', 'approved'])
  })
})

describe('checked-at-use', () => {
  test('a grant ends at its time, whether or not a job has come by', async () => {
    const [inTime, late] = [await granted(world), await granted(world)]

    world.clock.advance(119)
    await redeems(world, inTime, cast.agent)
    world.clock.advance(1)
    await expect(redeems(world, late, cast.agent)).rejects.toMatchObject(invalid)

    expect(lastWhy()).toBe('ended')
    expect(await stateOf(late)).toBe('approved')
  })

  test('a token that says that it lives longer lives as long as the record says', async () => {
    const what = await granted(world)
    const token = await tokenOf(world.ports, { ...what.grant, expiresAt: '2027-01-01T00:00:00.000Z' })
    world.clock.advance(121)

    await expect(redeems(world, what, cast.agent, { token })).rejects.toMatchObject(invalid)
  })

  test('a grant of a request that is not approved any more', async () => {
    const what = await granted(world)
    const { request } = what
    const next = { ...request, version: request.version + 1, state: 'lapsed' as const }
    await store.commit({ request: { expected: request.version, next }, entries: [] })

    await expect(redeems(world, what, cast.agent)).rejects.toMatchObject(invalid)

    expect(lastWhy()).toBe('not_approved')
  })
})
