import { beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/approvals/ports.ts'
import { submit } from '../../src/approvals/submit.ts'
import { grantOf, redeems } from '../support/grantedRequest.ts'
import { done, ends, rollbackWorld, running, undo, undoApproved } from '../support/rollbackWorld.ts'
import { ask, click, envelope, submission } from '../support/world.ts'
import { asksForGrant, requestIn } from './grants/granted.ts'

let { store, world, cast } = await rollbackWorld()
beforeEach(async () => {
  ;({ store, world, cast } = await rollbackWorld())
})

/** Something else runs on the same table, after a second. */
async function anotherRuns(change: Parameters<typeof ask>[2] = {}, action = 'table.drop') {
  world.clock.advance(1)
  const { id, state } = await ask(world, action, change)
  const request =
    state === 'pending' ? (await click(world, id, 'U0GRACE')).request : await requestIn(store, id)
  await redeems(world, await grantOf(world, request), cast.agent)
  return request
}

/** A store in which something else begins on the same table before the first commit. */
async function anotherInBetween() {
  const { id } = await ask(world, 'table.drop')
  const other = await grantOf(world, (await click(world, id, 'U0GRACE')).request)
  let begun = false
  const commit: Store['commit'] = async (change) => {
    if (!begun) {
      begun = true
      await redeems(world, other, cast.agent)
    }
    return store.commit(change)
  }
  return { meanwhile: { ...store, commit }, isDone: () => begun }
}

const elsewhere = {
  action: {
    action: 'table.drop',
    resource: { type: 'table', id: 'warehouse.orders' },
    params: {},
    environment: 'prod',
  },
}

describe('moved-on: at the moment of its effect', () => {
  test('a rollback whose target is as it was left gets its grant, and is redeemed', async () => {
    const rollback = await undoApproved(world, await done(world))
    world.clock.advance(60)

    const { request, token, grant } = await asksForGrant(world, rollback.id)
    await redeems(world, { request, token, grant }, cast.agent)

    expect(await requestIn(store, rollback.id)).toMatchObject({ state: 'executing' })
  })

  test('it gets no grant when something else has run on the same resource, and is over', async () => {
    const first = await done(world)
    const rollback = await undoApproved(world, first)
    const other = await anotherRuns()

    await expect(asksForGrant(world, rollback.id)).rejects.toMatchObject({ code: 'target_moved_on' })

    expect(await requestIn(store, rollback.id)).toMatchObject({ state: 'revoked', revokedBy: 'target' })
    expect((await store.entries(rollback.id)).at(-1)).toMatchObject({
      type: 'request.revoked',
      actor: { kind: 'system', id: 'grant', via: 'target' },
      data: { by: 'target', first: first.id, moved_by: [other.id] },
    })
    await expect(asksForGrant(world, rollback.id)).rejects.toMatchObject({ code: 'target_moved_on' })
  })

  test('its grant is not redeemed when something else has run since that was minted', async () => {
    const rollback = await undoApproved(world, await done(world))
    const what = await grantOf(world, rollback)
    await anotherRuns()

    await expect(redeems(world, what, cast.agent)).rejects.toMatchObject({ code: 'target_moved_on' })

    expect(await requestIn(store, rollback.id)).toMatchObject({ state: 'revoked', revokedBy: 'target' })
    expect((await store.entries(rollback.id)).at(-1)).toMatchObject({
      type: 'request.revoked',
      actor: { id: 'redemption' },
    })
  })

  test('again under the same attempt it is not answered as before when something else has run since', async () => {
    const rollback = await undoApproved(world, await done(world))
    const what = await grantOf(world, rollback)
    await redeems(world, what, cast.agent)
    expect(await redeems(world, what, cast.agent)).toMatchObject({ request: { id: rollback.id } })
    await anotherRuns()

    await expect(redeems(world, what, cast.agent)).rejects.toMatchObject({ code: 'target_moved_on' })

    expect(await requestIn(store, rollback.id)).toMatchObject({ state: 'executing' })
    expect(store.ledger.at(-1)).toMatchObject({ type: 'token.refused', data: { why: 'moved_on' } })
  })

  test('again under the same attempt, what begins in the moment between is found by the commit', async () => {
    const rollback = await undoApproved(world, await done(world))
    const what = await grantOf(world, rollback)
    await redeems(world, what, cast.agent)
    const { meanwhile, isDone } = await anotherInBetween()

    const again = redeems({ ports: { ...world.ports, store: meanwhile } }, what, cast.agent)

    await expect(again).rejects.toMatchObject({ code: 'target_moved_on' })
    expect(isDone()).toBe(true)
  })

  test('nobody is asked about one whose target has moved on already', async () => {
    const first = await done(world)
    await anotherRuns()

    await expect(undo(world, first)).rejects.toMatchObject({ code: 'target_moved_on' })
  })

  test('what only reads, runs elsewhere, or ran before, does not move it', async () => {
    const before = await running(world)
    await ends(world, before.request, 'succeeded')
    world.clock.advance(1)
    const rollback = await undoApproved(world, await done(world))
    await anotherRuns({}, 'repo.read')
    await anotherRuns(elsewhere)

    expect(await asksForGrant(world, rollback.id)).toMatchObject({ repeated: false })
  })

  test('a rollback of the same that failed does not keep another away', async () => {
    const first = await done(world)
    const failed = await undoApproved(world, first)
    await redeems(world, await grantOf(world, failed), cast.agent)
    await ends(world, failed, 'failed')
    world.clock.advance(1)

    expect(await asksForGrant(world, (await undoApproved(world, first)).id)).toMatchObject({
      repeated: false,
    })
  })

  test('control: what is no rollback gets its grant, whatever has run on the same resource', async () => {
    await done(world)
    const { id } = await ask(world, 'table.drop')
    await click(world, id, 'U0GRACE')
    await anotherRuns()

    expect(await asksForGrant(world, id)).toMatchObject({ repeated: false })
  })

  test('what begins in the moment between is found by the commit', async () => {
    const rollback = await undoApproved(world, await done(world))
    const what = await grantOf(world, rollback)
    const { meanwhile, isDone } = await anotherInBetween()

    const late = redeems({ ports: { ...world.ports, store: meanwhile } }, what, cast.agent)

    await expect(late).rejects.toMatchObject({ code: 'target_moved_on' })
    expect(isDone()).toBe(true)
  })

  test('it does not come with the answer to its submission, where nothing is looked at', async () => {
    const first = await done(world)
    const grant = { audience: null, proof: null }

    const { request, token } = await submit(
      world.ports,
      envelope(world),
      submission('repo.read', { rollsBack: first.id, grant }),
    )

    expect([request.state, request.grant, token]).toEqual(['approved', undefined, undefined])
    expect(await asksForGrant(world, request.id)).toMatchObject({ repeated: false })
  })
})
