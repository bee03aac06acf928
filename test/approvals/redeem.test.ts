import { beforeEach, describe, expect, test } from 'vitest'
import { digestAction } from '../../src/core/action.ts'
import { audience, granted, grantOf, redeems } from '../support/grantedRequest.ts'
import { invalid, redeemingWorld } from '../support/redeemingWorld.ts'
import { ask } from '../support/world.ts'
import { smash } from './emergency.ts'

let { store, world, cast, entriesOf, stateOf } = await redeemingWorld()
beforeEach(async () => {
  ;({ store, world, cast, entriesOf, stateOf } = await redeemingWorld())
})

describe('redeeming', () => {
  test('moves the request to executing, once, and says who and when', async () => {
    const what = await granted(world)

    const { request, grant } = await redeems(world, what, cast.agent)

    const redeemed = {
      attempt: 'attempt-1',
      by: { kind: 'agent', id: world.agent.agent.id },
      at: world.clock().toISOString(),
    }
    expect(grant).toEqual({ ...what.grant, redeemed })
    expect(await store.request(request.id)).toEqual(request)
    expect(request).toMatchObject({
      state: 'executing',
      version: what.request.version + 1,
      outcome: 'Approved.',
    })
    expect(entriesOf('grant.redeemed')).toMatchObject([
      {
        actor: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
        subject: { kind: 'request', id: request.id },
        data: { grant: grant.id, audience, by: 'agent' },
      },
    ])
  })

  test('waits for a report no longer than an hour, and not for a redemption any more', async () => {
    const what = await granted(world)
    await redeems(world, what, cast.agent)

    const waiting = [...store.jobs.values()].filter(({ task }) => task.startsWith('un'))

    expect(waiting).toEqual([
      { task: 'unreported', request: what.request.id, at: '2026-11-24T15:00:00.000Z' },
    ])
  })

  test('by a resource of its audience, where it is the resource that spends', async () => {
    const what = await granted(world, { spentBy: 'resource' })

    await redeems(world, what, cast.resource)

    expect(await stateOf(what)).toBe('executing')
    expect(entriesOf('grant.redeemed')[0]?.actor.kind).toBe('resource')
  })

  test('of what policy allowed', async () => {
    const request = await ask(world, 'repo.read')
    const what = await grantOf(world, request)

    await redeems(world, what, cast.agent)

    expect(await stateOf(what)).toBe('executing')
  })

  test('of what was let through in an emergency, as long as that person is on the staff', async () => {
    const through = async () => {
      const { id } = await ask(world, 'host.reboot')
      return grantOf(world, (await smash(world, id, 'U0GRACE')).request)
    }
    const [right, lost] = [await through(), await through()]

    await redeems(world, right, cast.agent)
    world.directory.changeAccount('U0GRACE', { active: false })
    await expect(redeems(world, lost, cast.agent)).rejects.toMatchObject(invalid)

    expect(await stateOf(right)).toBe('executing')
    expect(await store.request(lost.request.id)).toMatchObject({
      state: 'revoked',
      revokedBy: 'lost_approval',
    })
  })

  test('again under the same attempt has the same answer and no second effect', async () => {
    const what = await granted(world)
    const first = await redeems(world, what, cast.agent)
    world.clock.advance(600) // also when the grant has ended since: what was redeemed was redeemed

    expect(await redeems(world, what, cast.agent)).toEqual(first)

    expect((await store.request(what.request.id))?.version).toBe(first.request.version)
    expect(entriesOf('grant.redeemed', 'redemption.repeated').map(({ type }) => type)).toEqual([
      'grant.redeemed',
      'redemption.repeated',
    ])
  })
})

describe('replay: a grant that was redeemed', () => {
  test('gives nothing to another attempt, and people are told once', async () => {
    const what = await granted(world)
    await redeems(world, what, cast.agent)

    for (const attempt of ['attempt-2', 'attempt-3'])
      await expect(redeems(world, what, cast.agent, { attempt })).rejects.toMatchObject({
        code: 'grant_spent',
      })

    expect(entriesOf('grant.replayed').map(({ data }) => data.told)).toEqual([true, false])
    expect(await stateOf(what)).toBe('executing')
  })

  test('nor to the same attempt for another action', async () => {
    const what = await granted(world)
    await redeems(world, what, cast.agent)

    const named = digestAction({ ...what.request.action, environment: 'staging' })
    await expect(redeems(world, what, cast.agent, { named })).rejects.toMatchObject({ code: 'grant_spent' })
  })

  test('double-spend: of fifty at once one succeeds', async () => {
    const what = await granted(world)

    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, (_, nth) => redeems(world, what, cast.agent, { attempt: `attempt-${nth}` })),
    )

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(entriesOf('grant.redeemed')).toHaveLength(1)
    expect(entriesOf('grant.replayed')).toHaveLength(49)
    expect(entriesOf('grant.replayed').filter(({ data }) => data.told)).toHaveLength(1)
  })
})

describe('changed-after: another action than the approved one', () => {
  test('is refused with both digests on record, told once, and the grant still works for the right one', async () => {
    const what = await granted(world)
    const { action } = what.request
    const others = [
      { ...action, action: 'deploy.stop' },
      { ...action, resource: { ...action.resource, id: 'other' } },
      { ...action, params: { rows: 11 } },
      { ...action, environment: 'staging' },
    ].map(digestAction)

    for (const named of others)
      await expect(redeems(world, what, cast.agent, { named })).rejects.toMatchObject({
        code: 'digest_mismatch',
      })

    expect(entriesOf('grant.mismatched').map(({ data }) => [data.named, data.approved, data.told])).toEqual(
      others.map((named, nth) => [named, what.request.digest, nth === 0]),
    )
    expect(await stateOf(what)).toBe('approved')
    // Control: the approved one.
    await redeems(world, what, cast.agent)
    expect(await stateOf(what)).toBe('executing')
  })

  test('cannot be left unnamed, unless the audience takes the token alone', async () => {
    const [named, alone] = [await granted(world), await granted(world, { tokenOnly: true })]

    await expect(redeems(world, named, cast.agent, { named: null })).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [{ pointer: '/digest' }],
    })
    await redeems(world, alone, cast.agent, { named: null })

    expect(await stateOf(named)).toBe('approved')
    expect(await stateOf(alone)).toBe('executing')
  })

  test('is refused by a token-only grant too, where somebody names it', async () => {
    const what = await granted(world, { tokenOnly: true })
    const named = digestAction({ ...what.request.action, environment: 'staging' })

    await expect(redeems(world, what, cast.agent, { named })).rejects.toMatchObject({
      code: 'digest_mismatch',
    })
  })
})
