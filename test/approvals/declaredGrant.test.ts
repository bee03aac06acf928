import { beforeEach, expect, test } from 'vitest'
import { lapseUnredeemed } from '../../src/approvals/grants/unredeemed.ts'
import { giveUpUnreported } from '../../src/approvals/grants/unreported.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { ends, released, rollbackWorld, runs, statesOf } from '../support/rollbackWorld.ts'
import { ask, attemptBy, click } from '../support/world.ts'
import { asksForGrant, requestIn } from './grants/granted.ts'

let { store, world } = await rollbackWorld()
beforeEach(async () => {
  ;({ store, world } = await rollbackWorld())
})

test('the grant of a declared rollback is there only after its action has run', async () => {
  const { first, rollback } = await released(world)
  const early = () => asksForGrant(world, rollback.id)
  await expect(early()).rejects.toMatchObject({ code: 'nothing_to_undo' })
  await runs(world, first)
  await expect(early()).rejects.toMatchObject({ code: 'nothing_to_undo' })
  expect(await requestIn(store, rollback.id)).toMatchObject({ state: 'approved' })

  await ends(world, first, 'succeeded')

  expect(await early()).toMatchObject({ repeated: false })
})

test('it has its time from then on', async () => {
  const { first, rollback } = await released(world)
  const job = `unredeemed:${rollback.id}`
  world.clock.advance(600)
  await runs(world, first)
  world.clock.advance(1_800)
  expect(store.jobs.has(job)).toBe(false)

  await ends(world, first, 'succeeded')

  const until = new Date(world.clock().getTime() + 900_000).toISOString()
  expect(store.jobs.get(job)).toMatchObject({ at: until })
  world.clock.advance(899)
  await lapseUnredeemed(world.ports, rollback.id)
  expect(await requestIn(store, rollback.id)).toMatchObject({ state: 'approved' })
  world.clock.advance(2)
  await expect(asksForGrant(world, rollback.id)).rejects.toMatchObject({ code: 'grant_lapsed' })
  await lapseUnredeemed(world.ports, rollback.id)
  expect(await requestIn(store, rollback.id)).toMatchObject({ state: 'lapsed' })
})

test('it has its time from when its action was given up as unreported, however late that was noticed', async () => {
  const { first, rollback } = await released(world)
  await runs(world, first)
  world.clock.advance(3_600 + 2_000)

  await giveUpUnreported(world.ports, first.id)

  expect(await statesOf(world, first.id)).toEqual(['unreported', 'approved'])
  const until = new Date(world.clock().getTime() + 900_000).toISOString()
  expect(store.jobs.get(`unredeemed:${rollback.id}`)).toMatchObject({ at: until })
  world.clock.advance(899)
  await ends(world, first, 'succeeded') // late
  expect(await asksForGrant(world, rollback.id)).toMatchObject({ repeated: false })
})

test('checked-at-use: those who approved both are judged again', async () => {
  const { first, rollback } = await released(world)
  await runs(world, first)
  await ends(world, first, 'succeeded')
  world.directory.groups.set('S0PLATFORM', [])

  await expect(asksForGrant(world, rollback.id)).rejects.toMatchObject({ code: 'grant_revoked' })
})

test('moved-on: it is not there when something else has run since', async () => {
  const { first, rollback } = await released(world)
  await runs(world, first)
  await ends(world, first, 'succeeded')
  world.clock.advance(1)
  const other = await ask(world, 'table.drop')
  await click(world, other.id, 'U0GRACE')
  await runs(world, other)

  await expect(asksForGrant(world, rollback.id)).rejects.toMatchObject({ code: 'target_moved_on' })
})

test('it never comes where its action is not used in time', async () => {
  const { first } = await released(world)
  world.clock.advance(901)

  await lapseUnredeemed(world.ports, first.id)

  expect(await statesOf(world, first.id)).toEqual(['lapsed', 'revoked'])
})

test('it never comes where an approval of its action is taken back', async () => {
  const { first } = await released(world)

  await withdraw(world.ports, { ...attemptBy(first.id, 'U0GRACE'), reason: null })

  expect(await statesOf(world, first.id)).toEqual(['revoked', 'revoked'])
})

test('an approval of the rollback alone can be taken back once its action has run', async () => {
  const { first, rollback } = await released(world)
  await runs(world, first)
  await ends(world, first, 'succeeded')

  await withdraw(world.ports, { ...attemptBy(rollback.id, 'U0GRACE'), reason: null })

  expect(await statesOf(world, first.id)).toEqual(['succeeded', 'revoked'])
})
