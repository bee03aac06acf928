import { expect, test } from 'vitest'
import { expire } from '../../src/approvals/expire.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click, testWorld } from '../support/world.ts'

/** The test bundle, whose requests wait four working hours, or four hours by the clock. */
const waiting = (time: string) => {
  const bundle = (bundleFiles['bundle.yaml'] ?? '')
    .replace('expires_in: 1h', `expires_in: ${time}`)
    .replace('remind: [15m]', 'warn: 30m')
    .replace('floor: {', 'floor: {max_expires_in: 7d, ')
  const hours = 'working_hours: {weekdays: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}\n'
  return testBundle({ ...bundleFiles, 'bundle.yaml': `${bundle}${hours}` })
}

async function askedOnFriday(time: string) {
  const store = memoryStore()
  const world = await testWorld({ store, policy: waiting(time) })
  world.clock.advance(3 * 86_400 + 2 * 3_600) // Friday, 27 November, 16:00
  return { world, store, request: await ask(world, 'deploy.start') }
}

test('a deadline in working hours is over on Monday for what was asked on Friday afternoon, and warns before that', async () => {
  const { world, store, request } = await askedOnFriday('4 working hours')

  expect(request.expiresAt).toBe('2026-11-30T12:00:00.000Z')
  const due = [...store.jobs.values()].flatMap((job) => (job.task === 'remind' ? [job.at] : []))
  expect(due).toEqual(['2026-11-30T11:30:00.000Z'])
  world.clock.advance(60 * 3_600) // Monday, 04:00
  expect(await expire(world.ports, request.id)).toMatchObject({ state: 'pending' })
  await expect(click(world, request.id, 'U0GRACE')).resolves.toMatchObject({ request: { state: 'approved' } })
})

test('late-approval: it is over to the second, and nobody approves after it', async () => {
  const { world, request } = await askedOnFriday('4 working hours')
  world.clock.advance(68 * 3_600)

  await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
  expect(await world.store.request(request.id)).toMatchObject({ state: 'expired' })
})

test('control: the same hours by the clock are over on Friday evening', async () => {
  const { request } = await askedOnFriday('4h')

  expect(request.expiresAt).toBe('2026-11-27T20:00:00.000Z')
})
