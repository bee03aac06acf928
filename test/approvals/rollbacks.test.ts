import { beforeEach, describe, expect, test } from 'vitest'
import { expire } from '../../src/approvals/expire.ts'
import { giveUpUnreported } from '../../src/approvals/grants/unreported.ts'
import { story } from '../../src/approvals/inspect.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { submit } from '../../src/approvals/submit.ts'
import type { State } from '../../src/core/lifecycle.ts'
import { moved } from '../support/executing.ts'
import { grantOf, redeems } from '../support/grantedRequest.ts'
import { done, ends, rollbackWorld, running, undo, undoApproved } from '../support/rollbackWorld.ts'
import { ask, click, envelope, submission } from '../support/world.ts'
import { asksForGrant, requestIn } from './grants/granted.ts'

let { store, world, cast } = await rollbackWorld()
beforeEach(async () => {
  ;({ store, world, cast } = await rollbackWorld())
})

describe('asking for a rollback', () => {
  test('makes a request of its own, judged by policy, that names what it undoes', async () => {
    const first = await done(world)

    const rollback = await undo(world, first)

    expect(rollback).toMatchObject({ state: 'pending', rollsBack: first.id })
    expect(rollback.digest).not.toBe(first.digest)
    expect(await requestIn(store, first.id)).toEqual(first)
    const [submitted] = await store.entries(rollback.id)
    expect(submitted).toMatchObject({ type: 'request.submitted', data: { rolls_back: first.id } })
  })

  test('is allowed at once where policy allows it', async () => {
    const first = await done(world)

    expect(await ask(world, 'repo.read', { rollsBack: first.id })).toMatchObject({
      state: 'approved',
      rollsBack: first.id,
    })
  })

  test('of what another agent did says nothing about it', async () => {
    const first = await done(world)
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(world.ports, { name: 'other', owner: lee, by: lee, via: 'test' })

    const stranger = submit(
      world.ports,
      { ...envelope(world), agent: other.agent, key: other.key },
      submission('table.drop', { rollsBack: first.id }),
    )

    await expect(stranger).rejects.toMatchObject({ code: 'unknown_request' })
    await expect(undo(world, { id: 'req_none' })).rejects.toMatchObject({ code: 'unknown_request' })
  })

  const notRun: Readonly<Record<string, () => Promise<{ readonly id: string }>>> = {
    pending: () => ask(world, 'deploy.start'),
    denied: () => ask(world, 'audit.delete'),
    approved: () => ask(world, 'repo.read'),
    executing: async () => (await running(world)).request,
  }

  test.each(Object.keys(notRun))('of what is %s is refused: nothing is there to undo', async (state) => {
    const first = await notRun[state]?.()
    if (!first) throw new Error('it is in the table')
    expect((await requestIn(store, first.id)).state).toBe(state)

    await expect(undo(world, first)).rejects.toMatchObject({ code: 'nothing_to_undo' })
  })

  test.each(['succeed', 'fail', 'lose'] as const)('is possible after “%s”', async (move) => {
    const { request } = await running(world)
    const first = await moved(store, request.id, move)

    expect(await undo(world, first)).toMatchObject({ state: 'pending' })
  })

  test('of a rollback is refused: to undo an undoing is to do it again', async () => {
    const first = await done(world)
    const rollback = await undoApproved(world, first)
    await redeems(world, await grantOf(world, rollback), cast.agent)
    await ends(world, rollback, 'succeeded')

    await expect(undo(world, rollback)).rejects.toMatchObject({ code: 'rollback_of_rollback' })
  })

  test('undone-twice: of fifty at once one is made, and the others hear that there is one', async () => {
    const first = await done(world)

    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => undo(world, first)))

    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(new Set(codes)).toEqual(new Set(['rollback_exists']))
    expect(await store.rollbacksOf([first.id])).toHaveLength(1)
  })

  test.each([
    ['denied', true],
    ['expired', true],
    ['pending', false],
    ['approved', false],
    ['executing', false],
    ['succeeded', false],
    ['failed', true],
  ] as const)('beside one that is %s another can be asked for: %s', async (state, isPossible) => {
    const first = await done(world)
    await rollbackIn(state, first.id)

    const again = undo(world, first)

    if (isPossible) expect(await again).toMatchObject({ state: 'pending' })
    else await expect(again).rejects.toMatchObject({ code: 'rollback_exists' })
  })

  test('undone-twice: beside one that nobody reported in time another can be asked for, until somebody says that it succeeded', async () => {
    const first = await done(world)
    const { id } = await undoApproved(world, first)
    await givenUp(id)
    const other = await undo(world, first)
    await click(world, other.id, 'U0GRACE', { kind: 'deny', mayAskAgain: true })

    await ends(world, { id }, 'succeeded') // late, so it stays unreported

    expect(await requestIn(store, id)).toMatchObject({ state: 'unreported' })
    await expect(undo(world, first)).rejects.toMatchObject({ code: 'rollback_exists' })
  })

  test('undone-twice: that it succeeded is found by the commit, when it is said in the moment between', async () => {
    const first = await done(world)
    const { id } = await undoApproved(world, first)
    await givenUp(id)
    const meanwhile = onceBefore(() => ends(world, { id }, 'succeeded'))

    const other = undo({ ...world, ports: { ...world.ports, store: meanwhile } }, first)

    await expect(other).rejects.toMatchObject({ code: 'rollback_exists' })
  })

  test.each(['grant', 'redemption'] as const)(
    'undone-twice: at the %s of another, one that was given up has undone it when somebody says so',
    async (effect) => {
      const first = await done(world)
      const { id } = await undoApproved(world, first)
      await givenUp(id)
      const other = await undoApproved(world, first)
      const what = effect === 'redemption' ? await grantOf(world, other) : null
      const takesEffect = (use = store) =>
        what
          ? redeems({ ports: { ...world.ports, store: use } }, what, cast.agent)
          : asksForGrant({ ...world, ports: { ...world.ports, store: use } }, other.id)

      const late = takesEffect(onceBefore(() => ends(world, { id }, 'succeeded')))

      await expect(late).rejects.toMatchObject({ code: 'target_moved_on' })
      expect(await requestIn(store, other.id)).toMatchObject({ state: 'revoked', revokedBy: 'target' })
      expect((await store.entries(other.id)).at(-1)).toMatchObject({ data: { moved_by: [id] } })
    },
  )

  test('control: one that was given up, of which nobody says so, keeps no other away', async () => {
    const first = await done(world)
    const { id } = await undoApproved(world, first)
    await givenUp(id)
    const other = await undoApproved(world, first)

    await redeems(world, await grantOf(world, other), cast.agent)

    expect(await requestIn(store, other.id)).toMatchObject({ state: 'executing' })
  })

  test('again under the same idempotency key answers with the one that is there', async () => {
    const first = await done(world)
    const [who, what] = [envelope(world), submission('table.drop', { rollsBack: first.id })]

    const [one, other] = [await submit(world.ports, who, what), await submit(world.ports, who, what)]

    expect(other).toMatchObject({ created: false, request: { id: one.request.id } })
  })

  test('separation: whoever is behind what it undoes is behind it, too', async () => {
    const first = await done(world) // Alice was its initiator
    const rollback = await undo(world, first, { initiator: { email: 'bob@acme.test' } })
    const [people, before] = [rollback.behind, first.behind].map((all) => all.map(({ person }) => person))

    expect(people).toEqual(expect.arrayContaining(before ?? ['nobody']))
    // Control: without the first, she is not.
    const alone = await ask(world, 'table.drop', { initiator: { email: 'bob@acme.test' } })
    const alice = first.initiator.person
    expect(alone.behind.map(({ person }) => person)).not.toContain(alice)
    expect(people).toContain(alice)
  })

  test('is stopped like anything', async () => {
    const first = await done(world)
    await makeStop(world.ports, {
      what: { kind: 'everything' },
      reason: 'Look first.',
      by: { kind: 'system', id: 'operator', via: 'cli' },
    })

    await expect(undo(world, first)).rejects.toMatchObject({ code: 'stopped' })
  })
})

/** It was redeemed, and nobody says how it ended. */
async function givenUp(id: string): Promise<void> {
  await redeems(world, await grantOf(world, await requestIn(store, id)), cast.agent)
  world.clock.advance(3_601)
  await giveUpUnreported(world.ports, id)
  expect((await requestIn(store, id)).state).toBe('unreported')
}

/** A store in which something happens before the first commit. */
function onceBefore(happens: () => Promise<unknown>): typeof store {
  let hasHappened = false
  const commit: typeof store.commit = async (change) => {
    if (!hasHappened) {
      hasHappened = true
      await happens()
    }
    return store.commit(change)
  }
  return { ...store, commit }
}

/** A rollback of it that has come so far. */
async function rollbackIn(state: State, first: string): Promise<void> {
  const { id } = await undo(world, { id: first })
  if (state === 'denied') await click(world, id, 'U0GRACE', { kind: 'deny', mayAskAgain: true })
  if (state === 'expired') {
    world.clock.advance(3_601)
    await expire(world.ports, id)
  }
  if (state === 'approved') await moved(store, id, 'approve')
  if (state === 'executing') await moved(store, id, 'approve', 'redeem')
  if (state === 'succeeded') await moved(store, id, 'approve', 'redeem', 'succeed')
  if (state === 'failed') await moved(store, id, 'approve', 'redeem', 'fail')
  expect((await requestIn(store, id)).state).toBe(state)
}

describe('one story', () => {
  test('what became of a rollback stands in the story of what it undoes, in order', async () => {
    const first = await done(world)
    const rollback = await undoApproved(world, first)
    await redeems(world, await grantOf(world, rollback), cast.agent)
    await ends(world, rollback, 'succeeded')
    const grace = await world.directory.account('slack:U0GRACE')

    const { view, entries } = await story(world.ports, first.id, grace)

    expect(view.rollbacks?.map(({ id, state }) => [id, state])).toEqual([[rollback.id, 'succeeded']])
    const types = entries.filter(({ request }) => request === rollback.id).map(({ type }) => type)
    expect(types).toEqual([
      'request.submitted',
      'decision.made',
      'request.approved',
      'grant.redeemed',
      'execution.reported',
    ])
    expect((await story(world.ports, rollback.id, grace)).view.undoes?.id).toBe(first.id)
  })

  test('each of its moves has the cards of what it undoes drawn anew', async () => {
    const first = await done(world)
    const isDue = () => store.jobs.has(`refresh:${first.id}:anew`)
    expect(isDue()).toBe(false)

    const { id } = await undo(world, first)
    expect(store.jobs.get(`refresh:${first.id}:anew`)).toEqual({
      task: 'refresh',
      request: first.id,
      anew: true,
    })
    await click(world, id, 'U0GRACE', { kind: 'deny' })
    expect(isDue()).toBe(true)
  })
})
