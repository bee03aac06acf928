import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { commandJob } from '../../src/approvals/job.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { refused, testChannel } from '../support/channel.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { typesOf } from '../support/recorded.ts'
import { ask, attemptBy, testWorld } from '../support/world.ts'

const notYet = new ChannelFault({ code: 'channel_away', message: 'Slack has not said yet', unknown: false })

/** A click that was acknowledged and queued, and is judged by its job. */
async function queued(user = 'U0GRACE') {
  const world = await testWorld()
  const request = await ask(world, 'deploy.start')
  const vote = { ...attemptBy(request.id, user), reason: null, typed: [], seen: 'facts' }
  const job = commandJob({ verb: 'approve', attempt: vote })
  const tasks = tasksFor(world.ports, testChannel(), pino({ level: 'silent' }))
  const run = () => tasks[job.task]?.(job, firstAttempt)
  const state = async () => (await world.store.request(request.id))?.state
  return { world, request, run, state }
}

test('a click that was acknowledged waits until somebody can say who clicked, and then counts', async () => {
  const { world, request, run, state } = await queued()
  world.setReachable(false)
  world.directory.down = true

  await expect(run()).rejects.toMatchObject({ code: 'nobody_reachable' })
  expect(await typesOf(world.store, request.id)).not.toContain('decision.refused')

  world.setReachable(true)
  world.directory.down = false
  await run()
  expect(await state()).toBe('approved')
})

test('control: while people are reachable, a click that is refused is refused for good', async () => {
  const { world, request, run, state } = await queued('U0ALICE')

  await run()

  expect(await typesOf(world.store, request.id)).toContain('decision.refused')
  expect(await state()).toBe('pending')
})

test.each([
  ['that the channel cannot take yet waits', notYet, 40, 'a job has to wait for its channel'],
  ['that meets a fault of ours (control)', new Error('a bug'), 50, 'a job failed and will be tried again'],
])('the log says how bad it is: a job %s', async (_what, fault, level, msg) => {
  const { world, request } = await queued()
  const said: unknown[] = []
  const log = pino({}, { write: (line) => void said.push(JSON.parse(line)) })
  const store = { ...world.store, toldRequest: () => Promise.reject(fault) }
  const { refresh } = tasksFor({ ...world.ports, store }, testChannel(), log)

  await expect(refresh?.({ request: request.id }, firstAttempt)).rejects.toBe(fault)

  expect(said).toMatchObject([{ level, msg, task: 'refresh' }])
})

/** The job that posts a card where the channel refuses, in a store that takes no new time for it while `busy`. */
async function announced({ busy }: { readonly busy: boolean }) {
  const world = await testWorld()
  const request = await ask(world, 'deploy.start')
  const fault = new StoreUnavailable({
    reason: 'busy',
    message: 'no lock left',
    unknown: false,
    retryAfterSeconds: 1,
    cause: null,
  })
  const commit: Store['commit'] = (change) =>
    busy && change.jobs ? Promise.reject(fault) : world.store.commit(change)
  const channel = testChannel()
  channel.fail = () => ({ fault: refused, tookEffect: false })
  const ports = { ...world.ports, store: { ...world.store, commit } }
  const asked: string[] = []
  const helpers = { query: async (sql: string) => void asked.push(sql), job: { id: '1' } } as never // only these are looked at
  const run = async () =>
    tasksFor(ports, channel, pino({ level: 'silent' })).announce?.({ request: request.id }, helpers)
  return { run, fault, asked }
}

test('a refused card whose new time cannot be written is tried again as soon as any other job', async () => {
  const { run, fault, asked } = await announced({ busy: true })

  await expect(run()).rejects.toBe(fault)

  expect(asked).toEqual([expect.stringContaining('least(attempts')])
})

test('control: where it can be written, the job is done, and waits under that time', async () => {
  const { run, asked } = await announced({ busy: false })

  await run()

  expect(asked).toEqual([])
})
