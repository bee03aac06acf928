import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import { commandJob, type Job, jobKey } from '../../src/approvals/job.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { type TestChannel, testChannel } from '../support/channel.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { ask, attemptBy, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
let channel: TestChannel
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
})

/** Runs a job as the worker would: by its task's name, with its payload as it stands in the database. */
async function run({ task, ...payload }: Job): Promise<void> {
  const tasks = tasksFor(world.ports, channel, pino({ level: 'silent' }))
  await tasks[task]?.(JSON.parse(JSON.stringify(payload)), firstAttempt)
}

/** Runs every job of a request that is due, until none is. */
async function drain(request: string): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const now = world.clock().toISOString()
    const due = [...store.jobs.values()].filter(
      (job) => 'request' in job && job.request === request && !('at' in job && job.at > now),
    )
    for (const job of due) {
      await store.commit({ entries: [], dropJobs: [jobKey(job)] })
      await run(job)
    }
    if (due.length === 0) return
  }
  throw new Error('the jobs never come to an end')
}

const broken = { reason: 'INC-4711 everything is down', seen: 'facts' }

describe('a request that nobody answers', () => {
  test('is announced, escalated twice and expires, all by its jobs', async () => {
    const { id } = await ask(world, 'node.drain')
    for (const seconds of [0, 600, 600, 2_400]) {
      world.clock.advance(seconds)
      await drain(id)
    }

    expect(await store.request(id)).toMatchObject({
      state: 'expired',
      escalations: [{ to: { ref: 'group:security' } }, { to: { ref: 'group:data-owners' } }],
    })
    expect(channel.said.filter((call) => call === 'tell request.escalated')).toHaveLength(2)
  })
})

/** The kinds of entries that the thread was told. */
const told = () =>
  channel.said
    .filter((call) => call.startsWith('tell '))
    .flatMap((call) => call.slice('tell '.length).split(', '))

describe('a click that was kept for later', () => {
  test('breaks the glass; the alarm sounds, the review falls due, and the alarm sounds again', async () => {
    const { id } = await ask(world, 'freeze.deploy')
    await drain(id)
    await run(commandJob({ verb: 'break_glass', attempt: { ...attemptBy(id, 'U0GRACE'), ...broken } }))
    await drain(id)
    expect(channel.said).toContain('alarm broken slack:C0ALERTS')
    expect(told()).not.toContain('review.overdue')

    world.clock.advance(86_400)
    await drain(id)

    expect(told()).toContain('review.overdue')
    expect(channel.said).toContain('alarm overdue slack:C0ALERTS')
    expect(await store.request(id)).toMatchObject({ state: 'lapsed', brokenGlass: { review: null } })
  })

  test('closes the review', async () => {
    const { id } = await ask(world, 'freeze.deploy')
    await run(commandJob({ verb: 'break_glass', attempt: { ...attemptBy(id, 'U0GRACE'), ...broken } }))
    await run(commandJob({ verb: 'close_review', attempt: { ...attemptBy(id, 'U0OMAR'), note: 'Fine.' } }))
    expect(await store.request(id)).toMatchObject({ brokenGlass: { review: { note: 'Fine.' } } })
  })

  test('escalates', async () => {
    const { id } = await ask(world, 'node.drain')
    await run(commandJob({ verb: 'escalate', attempt: { ...attemptBy(id, 'U0GRACE'), reason: 'Plane.' } }))
    expect(await store.request(id)).toMatchObject({ escalations: [{ reason: 'Plane.' }] })
  })

  test('approves and denies', async () => {
    const vote = { reason: 'Not today.', typed: [], seen: 'facts' }
    const [first, second] = [(await ask(world, 'deploy.start')).id, (await ask(world, 'deploy.start')).id]
    await run(commandJob({ verb: 'approve', attempt: { ...attemptBy(first, 'U0GRACE'), ...vote } }))
    await run(commandJob({ verb: 'deny', attempt: { ...attemptBy(second, 'U0GRACE'), ...vote } }))
    expect(await store.request(first)).toMatchObject({ state: 'approved', decisions: [{ kind: 'approve' }] })
    expect(await store.request(second)).toMatchObject({ state: 'denied', decisions: [{ kind: 'deny' }] })
  })

  test('that is refused is recorded and not tried again', async () => {
    const { id } = await ask(world, 'freeze.deploy')
    await run(commandJob({ verb: 'break_glass', attempt: { ...attemptBy(id, 'U0ALICE'), ...broken } }))
    expect((await store.entries(id)).map(({ type }) => type)).toEqual([
      'request.submitted',
      'decision.refused',
    ])
  })
})
