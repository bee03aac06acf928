import { beforeEach, describe, expect, test } from 'vitest'
import { introspect } from '../../src/approvals/grants/introspect.ts'
import { revokeResource } from '../../src/approvals/grants/resources.ts'
import { revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { KnownStops } from '../../src/approvals/ports.ts'
import { madeStop } from '../store/madeGrants.ts'
import { type Cast, castOf, type Granted, granted, grantOf, redeems } from '../support/grantedRequest.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { ask, testWorld, type World } from '../support/world.ts'

let store: MemoryStore
let world: World
let cast: Cast
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  cast = await castOf(world)
})

/** What it was told once it believes until somebody makes it read again. */
function deaf(stops: KnownStops): KnownStops {
  let known = stops.standing()
  return {
    standing: () => known,
    renew: () => {
      known = stops.renew()
      return known
    },
    forget: () => {
      known = stops.renew()
    },
  }
}

/** The bundle of the test with a rule more. */
const withRule = (rule: string) => bundleWithRules((rules) => `${rules}- ${rule}\n`)
const invalid = { code: 'invalid_grant' }
const stateOf = async ({ request }: Granted) => (await store.request(request.id))?.state
const entriesOf = (...types: readonly string[]) => store.ledger.filter(({ type }) => types.includes(type))
const lastWhy = () => entriesOf('token.refused').at(-1)?.data.why

describe('at the moment of its effect', () => {
  const closed = () =>
    withRule('{id: closed, description: No deployments., match: {actions: [deploy.start]}, verdict: deny}')

  test('drift: a policy that has come to deny it revokes it', async () => {
    const what = await granted(world)
    world.setPolicy(closed())

    await expect(redeems(world, what, cast.agent)).rejects.toMatchObject(invalid)

    expect(await store.request(what.request.id)).toMatchObject({
      state: 'revoked',
      revokedBy: 'policy',
      outcome: 'Policy has come to deny this since it was approved (rule closed).',
    })
  })

  test('drift: of what policy allowed too', async () => {
    const what = await grantOf(world, await ask(world, 'repo.read'))
    world.setPolicy(
      withRule('{id: closed, description: No reading., match: {actions: [repo.read]}, verdict: deny}'),
    )

    await expect(redeems(world, what, cast.agent)).rejects.toMatchObject(invalid)

    expect(await stateOf(what)).toBe('revoked')
  })

  const losses: readonly (readonly [string, () => unknown])[] = [
    ['has left the group', () => world.directory.groups.set('S0PLATFORM', ['U0NOOR'])],
    ['is deactivated', () => world.directory.changeAccount('U0GRACE', { active: false })],
    [
      'turned out to be behind it',
      () =>
        linkAccounts(world.ports, {
          account: { email: 'grace@acme.test' },
          other: { email: 'alice@acme.test' },
          via: 'test',
        }),
    ],
  ]

  describe('vote-outlived: what somebody approved who could not any more', () => {
    test.each(losses)('an approver who %s', async (_, happens) => {
      const what = await granted(world)
      await happens()

      await expect(redeems(world, what, cast.agent)).rejects.toMatchObject(invalid)

      expect(await store.request(what.request.id)).toMatchObject({
        state: 'revoked',
        revokedBy: 'lost_approval',
      })
      expect(entriesOf('decision.lapsed')).toHaveLength(1)
    })
  })

  test('a stop that this process has not heard of holds it, and says so', async () => {
    const what = await granted(world)
    await world.ports.stops.standing() // remembered: nothing is stopped
    const silent = { ...world, ports: { ...world.ports, stops: deaf(world.ports.stops) } }
    await store.commit({ stops: [{ expected: null, next: madeStop() }], entries: [] })

    await expect(redeems(silent, what, cast.agent)).rejects.toMatchObject({ code: 'stopped' })

    expect(lastWhy()).toBe('stopped')
    expect(await stateOf(what)).toBe('approved')
  })

  test('a directory that does not answer changes nothing', async () => {
    const what = await granted(world)
    world.directory.down = true

    await expect(redeems(world, what, cast.agent)).rejects.toMatchObject({ code: 'directory_unavailable' })

    world.directory.down = false
    await redeems(world, what, cast.agent)
    expect(await stateOf(what)).toBe('executing')
  })
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

  const revocations = [
    [
      'whose agent',
      'invalid_grant',
      () => revokeAgent(world.ports, { name: 'billing-agent', by, via: 'test' }),
    ],
    [
      'which itself',
      'unauthenticated',
      () => revokeResource(world.ports, { name: 'warehouse', via: 'test' }),
    ],
  ] as const
  test.each(revocations)('%s is revoked between the look and the commit: %s', async (_, code, revoke) => {
    const what = await granted(world, { spentBy: 'resource' })
    let isRevoked = false
    const commit: typeof store.commit = async (change) => {
      if (!isRevoked) await revoke()
      isRevoked = true
      return store.commit(change)
    }

    await expect(
      redeems({ ports: { ...world.ports, store: { ...store, commit } } }, what, cast.resource),
    ).rejects.toMatchObject({ code })

    expect(await stateOf(what)).toBe('approved')
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
