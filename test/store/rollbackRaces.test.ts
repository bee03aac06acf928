import { expect, test } from 'vitest'
import { castOf, grantOf, redeems } from '../support/grantedRequest.ts'
import { done, undo, undoApproved } from '../support/rollbackWorld.ts'
import { ask, click, testWorld } from '../support/world.ts'
import { opened } from './opened.ts'

async function twoReplicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  const there = { ...world, ports: { ...world.ports, store: second.store } }
  return { world, there, second, cast: await castOf(world) }
}

test('two-replicas: undone-twice: of fifty rollbacks at both one is made', async () => {
  const { world, there, second } = await twoReplicas()
  const first = await done(world)

  const asked = await Promise.allSettled(
    Array.from({ length: 50 }, (_, nth) => undo(nth % 2 ? world : there, first)),
  )

  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const codes = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
  expect(new Set(codes)).toEqual(new Set(['rollback_exists']))
  expect(await second.store.rollbacksOf([first.id])).toHaveLength(1)
})

test('two-replicas: moved-on: what begins at one replica while the other undoes is found by the commit', async () => {
  const { world, there, second, cast } = await twoReplicas()
  const rollback = await undoApproved(world, await done(world))
  const what = await grantOf(world, rollback)
  const other = (await click(world, (await ask(world, 'table.drop')).id, 'U0GRACE')).request
  const begins = await grantOf(world, other)

  const tries = await Promise.allSettled([
    redeems(world, begins, cast.agent),
    redeems(there, what, cast.agent, { attempt: 'attempt-2' }),
  ])

  // Whichever came first: never both, unless the undoing began before.
  const states = await Promise.all(
    [other.id, rollback.id].map(async (id) => (await second.store.request(id))?.state),
  )
  expect(states[0]).toBe('executing')
  const begun = await second.store.begunSince({
    first: rollback.rollsBack ?? '',
    resource: rollback.action.resource,
  })
  expect(begun).toEqual([other.id])
  const code = tries[1]?.status === 'rejected' ? tries[1].reason.code : 'redeemed'
  expect([
    ['redeemed', 'executing'],
    ['target_moved_on', 'revoked'],
  ]).toContainEqual([code, states[1]])
})
