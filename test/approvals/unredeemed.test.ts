import { beforeEach, describe, expect, test } from 'vitest'
import { lapseUnredeemed } from '../../src/approvals/grants/unredeemed.ts'
import { giveUpUnreported } from '../../src/approvals/grants/unreported.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { madeExecution } from '../store/madeGrants.ts'
import { granted, grantOf, redeems } from '../support/grantedRequest.ts'
import { entriesOf } from '../support/recorded.ts'
import { redeemingWorld } from '../support/redeemingWorld.ts'
import { ask, click } from '../support/world.ts'
import { smash } from './emergency.ts'

let { store, world, cast } = await redeemingWorld()
beforeEach(async () => {
  ;({ store, world, cast } = await redeemingWorld())
})

const waiting = (task: string) => [...store.jobs.values()].filter((job) => job.task === task)
const stateOf = async ({ id }: ActionRequest) => (await store.request(id))?.state

async function approved(): Promise<ActionRequest> {
  const { id } = await ask(world, 'deploy.start')
  return (await click(world, id, 'U0GRACE')).request
}

describe('approved, and not used in time', () => {
  test('lapses a quarter of an hour after the approval, and not before', async () => {
    const request = await approved()
    expect(waiting('unredeemed')).toEqual([
      { task: 'unredeemed', request: request.id, at: '2026-11-24T14:15:00.000Z' },
    ])

    world.clock.advance(899)
    await lapseUnredeemed(world.ports, request.id)
    expect(await stateOf(request)).toBe('approved')
    world.clock.advance(1)
    await lapseUnredeemed(world.ports, request.id)

    expect(await store.request(request.id)).toMatchObject({
      state: 'lapsed',
      outcome: 'No grant was asked for in time.',
    })
    expect(await entriesOf(store, request.id, 'request.lapsed')).toHaveLength(1)
  })

  test('a grant that was minted has its own time', async () => {
    const request = await approved()
    world.clock.advance(890)
    const what = await grantOf(world, request)

    world.clock.advance(10)
    await lapseUnredeemed(world.ports, request.id)
    expect(await stateOf(request)).toBe('approved')
    expect(waiting('unredeemed')).toMatchObject([{ at: what.grant.expiresAt }])
    world.clock.advance(110)
    await lapseUnredeemed(world.ports, request.id)

    expect(await store.request(request.id)).toMatchObject({
      state: 'lapsed',
      outcome: 'Its grant was not redeemed in time.',
    })
    await expect(redeems(world, what, cast.agent)).rejects.toMatchObject({ code: 'invalid_grant' })
  })

  test('also what one person let through in an emergency', async () => {
    const { id } = await ask(world, 'host.reboot')
    await smash(world, id, 'U0GRACE')

    expect(waiting('unredeemed')).toHaveLength(1)
  })

  test('not what policy allowed by itself', async () => {
    await ask(world, 'repo.read')

    expect(waiting('unredeemed')).toEqual([])
  })

  test('not what was redeemed; control: the same without a redemption', async () => {
    const [used, left] = [await granted(world), await granted(world)]
    await redeems(world, used, cast.agent)
    world.clock.advance(10_000)

    await lapseUnredeemed(world.ports, used.request.id)
    await lapseUnredeemed(world.ports, left.request.id)

    expect([await stateOf(used.request), await stateOf(left.request)]).toEqual(['executing', 'lapsed'])
  })
})

describe('redeemed, and not reported', () => {
  test('is given up after an hour, which says neither yes nor no', async () => {
    const what = await granted(world)
    await redeems(world, what, cast.agent)

    world.clock.advance(3_599)
    await giveUpUnreported(world.ports, what.request.id)
    expect(await stateOf(what.request)).toBe('executing')
    world.clock.advance(1)
    await giveUpUnreported(world.ports, what.request.id)

    expect(await stateOf(what.request)).toBe('unreported')
    expect((await entriesOf(store, what.request.id, 'request.unreported'))[0]?.data).toMatchObject({
      grant: what.grant.id,
      reports: 0,
    })
  })

  test('a report that it is going on gives it another hour', async () => {
    const what = await granted(world)
    const { request } = await redeems(world, what, cast.agent)
    world.clock.advance(3_000)
    const executions = [madeExecution({ state: 'started', at: world.clock().toISOString() })]
    const next = { ...request, version: request.version + 1, executions }
    await store.commit({ request: { expected: request.version, next }, entries: [] })

    world.clock.advance(601)
    await giveUpUnreported(world.ports, request.id)

    expect(await stateOf(request)).toBe('executing')
    expect(waiting('unreported')).toMatchObject([{ at: '2026-11-24T15:50:00.000Z' }])
  })
})
