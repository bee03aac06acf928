import { beforeEach, describe, expect, test } from 'vitest'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { madeStop } from '../store/madeGrants.ts'
import { granted, grantOf, redeems } from '../support/grantedRequest.ts'
import { deaf, invalid, redeemingWorld } from '../support/redeemingWorld.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { ask } from '../support/world.ts'

let { store, world, cast, entriesOf, lastWhy, stateOf } = await redeemingWorld()
beforeEach(async () => {
  ;({ store, world, cast, entriesOf, lastWhy, stateOf } = await redeemingWorld())
})

/** The bundle of the test with a rule more. */
const withRule = (rule: string) => bundleWithRules((rules) => `${rules}- ${rule}\n`)

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
