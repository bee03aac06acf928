import { beforeEach, describe, expect, test } from 'vitest'
import { introspect } from '../../../src/approvals/grants/introspect.ts'
import { revokeResource, rotateResource } from '../../../src/approvals/grants/resources.ts'
import { revokeAgent, rotateKey } from '../../../src/approvals/people/agents.ts'
import { madeStop } from '../../store/madeGrants.ts'
import { granted, redeems } from '../../support/grantedRequest.ts'
import { deaf, invalid, redeemingWorld } from '../../support/redeemingWorld.ts'

let { store, world, cast, lastWhy, stateOf } = await redeemingWorld()
beforeEach(async () => {
  ;({ store, world, cast, lastWhy, stateOf } = await redeemingWorld())
})

describe('what a resource is shown', () => {
  const by = { email: 'lee@acme.test' }

  test('of an agent that was revoked gives nothing; control: of another it does', async () => {
    const what = await granted(world, { spentBy: 'resource' })
    await redeems(world, await granted(world, { spentBy: 'resource' }), cast.resource)
    await revokeAgent(world.ports, { name: 'billing-agent', by, via: 'test' })

    await expect(redeems(world, what, cast.resource)).rejects.toMatchObject(invalid)

    expect(lastWhy()).toBe('holder_revoked')
    expect(await introspect(world.ports, { token: what.token, by: cast.resource })).toBeNull()
    expect(await stateOf(what)).toBe('approved')
  })

  test('by a key that was replaced gives nothing: whoever took the key may have got it', async () => {
    const what = await granted(world, { spentBy: 'resource' })
    await rotateKey(world.ports, { name: 'billing-agent', by, via: 'test' })

    await expect(redeems(world, what, cast.resource)).rejects.toMatchObject(invalid)

    expect(lastWhy()).toBe('holder_revoked')
  })

  const rotated = (endsNow: boolean) =>
    rotateResource(world.ports, { name: 'warehouse', endsNow, via: 'test' })
  /** Something happens between the look and the commit. */
  const meanwhile = (happens: () => Promise<unknown>) => {
    let hasHappened = false
    const commit: typeof store.commit = async (change) => {
      if (!hasHappened) await happens()
      hasHappened = true
      return store.commit(change)
    }
    return { ports: { ...world.ports, store: { ...store, commit } } }
  }
  const revocations = [
    [
      'whose agent',
      'invalid_grant',
      () => revokeAgent(world.ports, { name: 'billing-agent', by, via: 'test' }),
    ],
    ['whose own key', 'unauthenticated', () => rotated(true)],
    [
      'which itself',
      'unauthenticated',
      () => revokeResource(world.ports, { name: 'warehouse', via: 'test' }),
    ],
  ] as const
  test.each(revocations)('%s is revoked between the look and the commit: %s', async (_, code, revoke) => {
    const what = await granted(world, { spentBy: 'resource' })

    await expect(redeems(meanwhile(revoke), what, cast.resource)).rejects.toMatchObject({ code })

    expect(await stateOf(what)).toBe('approved')
  })

  test('control: whose key was replaced and counts for a day more, is redeemed', async () => {
    const what = await granted(world, { spentBy: 'resource' })

    await redeems(
      meanwhile(() => rotated(false)),
      what,
      cast.resource,
    )

    expect(await stateOf(what)).toBe('executing')
  })
})

test('checked-at-use: a grant that ends while people are looked up is not redeemed', async () => {
  const what = await granted(world)
  world.clock.advance(119)
  const slow = {
    ...world.ports.directory,
    account: async (key: Parameters<typeof world.ports.directory.account>[0]) => {
      world.clock.advance(2)
      return world.ports.directory.account(key)
    },
  }

  await expect(
    redeems({ ports: { ...world.ports, directory: slow } }, what, cast.agent),
  ).rejects.toMatchObject(invalid)

  expect(lastWhy()).toBe('ended')
})

test('a stop holds whoever asks for a lost answer, too; control: resumed, they get it', async () => {
  const what = await granted(world)
  const first = await redeems(world, what, cast.agent)
  const stop = madeStop()
  await store.commit({ stops: [{ expected: null, next: stop }], entries: [] })

  await expect(redeems(world, what, cast.agent)).rejects.toMatchObject({ code: 'stopped' })

  const resumed = { by: stop.by, at: stop.at, reason: 'Looked at.' }
  await store.commit({ stops: [{ expected: 1, next: { ...stop, version: 2, resumed } }], entries: [] })
  expect(await redeems(world, what, cast.agent)).toEqual(first)
})

test('introspection hears of a stop that this process has not heard of; control: before, it is good', async () => {
  const what = await granted(world)
  const looks = () => introspect(world.ports, { token: what.token, by: cast.agent })
  expect(await looks()).toMatchObject({ grant: { id: what.grant.id } })
  await world.ports.stops.standing() // remembered, and told of nothing before the next turn
  await store.commit({ stops: [{ expected: null, next: madeStop() }], entries: [] })

  expect(
    await introspect(
      { ...world.ports, stops: deaf(world.ports.stops) },
      { token: what.token, by: cast.agent },
    ),
  ).toBeNull()
})
