import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import { acme } from '../../src/sandbox/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany, refusals, unshared } from './company.ts'

const hours = 3_600_000

/** Slack's events do not reach us: whatever we know, we asked for. */
const withoutEvents = unshared({ ...acme, app: { ...acme.app, events: ['app_mention'] } })

let times: { elapsed: number; wall: number }
let company: Company
beforeEach(async () => {
  times = { elapsed: 0, wall: Date.parse('2026-11-24T16:00:00Z') }
  const ages = createAgeClock({ elapsed: () => times.elapsed, wall: () => times.wall })
  company = await openCompany({ seed: withoutEvents, ages })
})
afterEach(() => company.close())

/** Time that passes everywhere: for the database and Slack, and on both clocks of our machine. */
function pass(seconds: number): void {
  company.world.clock.advance(seconds)
  times.elapsed += seconds * 1_000
  times.wall += seconds * 1_000
}

/** Groups and people are read; then one approver leaves the group and another is deactivated. */
async function readThenRemoved() {
  const asked = await company.asked('iam.change')
  await company.directory.account('slack:U0GRACE')
  await company.directory.account('slack:U0SAM')
  company.local.directory.removeFromGroup('S0IAM', 'U0GRACE')
  company.local.directory.changeMember('U0SAM', { deleted: true })
  return asked
}

/** Both click, as they would have when their windows were still open. */
async function bothClick(at: { conversation: string; ts: string }) {
  const message = company.local
    .as('U0BOB')
    .messages(at.conversation)
    .find((one) => one.ts === at.ts)
  const blockId = String(message?.blocks.find((one) => one.type === 'actions')?.block_id)
  for (const as of ['U0GRACE', 'U0SAM'])
    await company.local.send(company.local.compose({ act: 'press', as, at, blockId, actionId: 'approve' }))
}

describe.each([
  ['was two hours ahead and is set back', -2 * hours],
  ['is set two hours ahead', 2 * hours],
])('clock, left-the-group: the clock of the server %s', (_, step) => {
  test.each([
    ['65 seconds later', 65],
    ['at once', 0],
  ])('%s neither who left the group nor who was deactivated approves', async (_, seconds) => {
    const { request, at } = await readThenRemoved()

    times.wall += step
    pass(seconds)
    await bothClick(at)

    await eventually(() => expect(refusals(company)).toEqual(['not_in_leg', 'not_staff']))
    expect(await company.state(request.id)).toBe('pending')
    expect((await company.store.request(request.id))?.decisions).toEqual([])
  })
})

test('control: on a wall clock alone both would still approve, 65 seconds after they were taken out', async () => {
  await company.close()
  const naive = { now: () => times.wall, elapsed: () => times.elapsed, onJump: () => () => {} }
  company = await openCompany({ seed: withoutEvents, ages: naive })
  const { request, at } = await readThenRemoved()

  times.wall -= 2 * hours
  pass(65)
  await bothClick(at)

  expect(await company.state(request.id)).toBe('approved')
})

test('control: with a clock that nobody sets, what was read is believed for the stated seconds, and no longer', async () => {
  const { request, at } = await readThenRemoved()

  pass(4)
  await bothClick(at)
  expect(await company.state(request.id)).toBe('approved')

  const later = await company.asked('iam.change')
  pass(15)
  await bothClick(later.at)
  await eventually(() => expect(refusals(company)).toEqual(['not_in_leg', 'not_staff']))
})

test('Slack’s deliveries are judged by the database’s time: a server whose own clock is two hours off takes them', async () => {
  times.wall += 2 * hours
  company.world.clock.advance(10 * 24 * 3_600)
  const { request, at } = await company.asked('deploy.start')

  await company.local.as('U0GRACE').press(at, 'approve')

  expect(await company.state(request.id)).toBe('approved')
})

test('when Slack and the database differ by more than five minutes, the operator reads by how much', async () => {
  const { request, at } = await company.asked('deploy.start')
  await company.local.as('U0GRACE').press(at, 'approve')
  expect(await company.state(request.id)).toBe('approved')

  company.world.clock.advance(600)
  expect(await company.local.deliveries.at(-1)?.again()).toMatchObject({ kind: 'status', status: 401 })

  expect(company.logged.at(-1)).toMatchObject({
    secondsOff: -600,
    msg: expect.stringContaining("correct the clock of the database's machine"),
  })
})
