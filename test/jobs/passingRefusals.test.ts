import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { commandJob, type Job } from '../../src/approvals/job.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { lost, refused, testChannel } from '../support/channel.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { type JobsAtWork, jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { refusalsOf } from '../support/recorded.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

const silent = pino({ level: 'silent' })
const hour = 3_600

/** What somebody did and heard was queued, as its job runs it each time. */
function queuedApproval(world: World, id: string, user = 'U0SAM') {
  const queued = { ...attemptBy(id, user), queued: true as const }
  const vote = { ...queued, reason: null, typed: [], seen: 'facts' }
  const { task, ...payload } = commandJob({ verb: 'approve', attempt: vote })
  return async (ports = world.ports) =>
    tasksFor(ports, testChannel(), silent)[task]?.(JSON.parse(JSON.stringify(payload)), firstAttempt)
}

/** A request that waits for one more approval, and Sam's, which is queued. */
async function waiting() {
  const store = memoryStore()
  const world = await testWorld({ store })
  const { id } = await ask(world, 'db.export')
  await click(world, id, 'U0BOB')
  const state = async () => (await store.request(id))?.state
  return { world, store, id, run: queuedApproval(world, id), state }
}

const answersIn = (store: MemoryStore): readonly Job[] =>
  [...store.jobs.values()].filter(({ task }) => task === 'answer')

test.each([
  ['directory_unavailable', 'S0DATA'],
  ['identity_unknown', 'S0SECURITY'],
])('a click that was queued and met %s is tried again, and counts when that is over', async (code, group) => {
  const { world, store, id, run, state } = await waiting()
  world.directory.unreadable.add(group)

  await expect(run()).rejects.toMatchObject({ code })
  await expect(run()).rejects.toMatchObject({ code })
  expect(await refusalsOf(store, id)).toEqual([code])
  expect(answersIn(store)).toEqual([])
  world.directory.unreadable.clear()
  await run()

  expect(await state()).toBe('approved')
  expect(answersIn(store)).toMatchObject([{ ending: { verb: 'approve', refused: null } }])
})

test('control: what cannot pass is an answer, and is not tried again', async () => {
  const world = await testWorld()
  const { id } = await ask(world, 'db.export', { involved: [{ email: 'sam@acme.test' }] })
  const run = queuedApproval(world, id)

  await run()

  expect(await refusalsOf(world.store, id)).toEqual(['own_request'])
})

test('a queued click whose directory comes back after the deadline ends as expired, and its person is told that', async () => {
  const { world, store, id, run, state } = await waiting()
  world.directory.unreadable.add('S0DATA')
  await expect(run()).rejects.toMatchObject({ code: 'directory_unavailable' })
  world.clock.advance(2 * hour)
  world.directory.unreadable.clear()

  await run()

  expect(await state()).toBe('expired')
  expect(await refusalsOf(store, id)).toEqual(['directory_unavailable', 'wrong_state'])
  expect(answersIn(store)).toMatchObject([{ ending: { refused: { code: 'wrong_state' } } }])
})

test('also while the directory is still away: the deadline does not wait for it', async () => {
  const { world, store, run, state } = await waiting()
  world.directory.down = true
  await expect(run()).rejects.toMatchObject({ code: 'identity_unknown' })
  world.clock.advance(2 * hour)

  await run()

  expect(await state()).toBe('expired')
  expect(answersIn(store)).toHaveLength(1)
})

describe('the neighbours of a directory that is away', () => {
  const away = new StoreUnavailable({
    reason: 'away',
    message: 'gone',
    unknown: false,
    retryAfterSeconds: 2,
    cause: null,
  })

  test('a store that takes nothing: the job is tried again, and counts when it is back', async () => {
    const { world, run, state } = await waiting()
    const commit: Store['commit'] = () => Promise.reject(away)
    const broken = { ...world.ports, store: { ...world.store, commit } }

    await expect(run(broken)).rejects.toBe(away)
    await run()

    expect(await state()).toBe('approved')
  })

  test('a store whose answer was lost after it took effect: it counts once, and its person hears once', async () => {
    const { world, store, id, run, state } = await waiting()
    const commit: Store['commit'] = async (change) => {
      await store.commit(change)
      throw away
    }

    await expect(run({ ...world.ports, store: { ...world.store, commit } })).rejects.toBe(away)
    await run()

    expect(await state()).toBe('approved')
    expect((await store.request(id))?.decisions).toHaveLength(2)
    expect(answersIn(store)).toHaveLength(1)
  })

  test('no policy: nobody can say whether it denies it by now, so it counts when one can', async () => {
    const { world, store, id, run, state } = await waiting()
    const without = { ...world.ports, policy: () => null, renewPolicy: () => Promise.reject(away) }
    await expect(run(without)).rejects.toMatchObject({ code: 'not_ready' })
    expect(await state()).toBe('pending')
    expect(await refusalsOf(store, id)).toEqual(['not_ready'])

    await run()

    expect(await state()).toBe('approved')
  })

  test('no channel: it is not judged before Slack is there again, and then it counts', async () => {
    const { world, run, state } = await waiting()
    world.setReachable(false)
    await expect(run()).rejects.toMatchObject({ code: 'nobody_reachable' })
    world.setReachable(true)

    await run()

    expect(await state()).toBe('approved')
  })
})

describe('whoever did something that was queued hears how it ended', () => {
  /** The answer waits; `channel` is where it will be said. */
  async function ended() {
    const { world, store, id, run } = await waiting()
    await run()
    const channel = testChannel()
    const jobs: JobsAtWork = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
    const heard = () => channel.said.filter((call) => call.startsWith('answer'))
    return { world, store, id, channel, jobs, heard }
  }

  test('once', async () => {
    const { jobs, heard } = await ended()

    await jobs.runDue()
    await jobs.pass(60)

    expect(heard()).toEqual(['answer slack:T0ACME:U0SAM approve done approved'])
  })

  test('as soon as the channel takes it', async () => {
    const { channel, jobs, heard } = await ended()
    channel.fail = () => ({ fault: refused, tookEffect: false })
    await jobs.runDue()
    expect(heard()).toEqual([])
    channel.fail = () => null

    await jobs.pass(600)

    expect(heard()).toHaveLength(1)
  })

  test('not twice when the answer of the channel was lost', async () => {
    const { channel, jobs, heard } = await ended()
    channel.fail = (call) => (call.startsWith('answer') ? { fault: lost, tookEffect: true } : null)

    await jobs.runDue()
    await jobs.pass(600)

    expect(heard()).toHaveLength(1)
  })

  test('but not by a job when somebody stands beside the click', async () => {
    const { world, store, id } = await waiting()

    await click(world, id, 'U0SAM')

    expect(await store.request(id)).toMatchObject({ state: 'approved' })
    expect(answersIn(store)).toEqual([])
  })

  test('nor when the click itself got through first: the queued one changes and says nothing', async () => {
    const { world, store, id } = await waiting()
    const first = attemptBy(id, 'U0SAM')
    const { task, ...payload } = commandJob({
      verb: 'approve',
      attempt: { ...first, queued: true, reason: null, typed: [], seen: 'facts' },
    })
    await click(world, id, 'U0SAM', first)

    await tasksFor(world.ports, testChannel(), silent)[task]?.(payload, firstAttempt)

    expect((await store.request(id))?.decisions).toHaveLength(2)
    expect(answersIn(store)).toEqual([])
  })
})
