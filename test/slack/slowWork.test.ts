import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandJob, type Job } from '../../src/approvals/job.ts'
import { perform } from '../../src/approvals/perform.ts'
import { DirectoryFault } from '../../src/approvals/ports.ts'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { queueWithin } from '../../src/channels/doInTime.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { slowAfter } from '../../src/slack/app.ts'
import { answerWithin } from '../../src/slack/inbound/receiver.ts'
import { eventually } from '../support/eventually.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { type Company, openCompany, send } from './company.ts'
import { reason } from './emergency.ts'
import { whispersTo, windowOf, windowOpens } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ slowAfter: 100 })
})
afterEach(() => company.close())

/** A promise that the test settles. */
function gate() {
  let open = (): void => {}
  const until = new Promise<void>((resolve) => {
    open = resolve
  })
  return { until, open: () => open() }
}

test('a decision that takes too long is queued and acknowledged, and counts once when both get through', async () => {
  const { request, at } = await company.asked('deploy.start')
  const { until, open } = gate()
  company.slowDown(() => until)

  const ack = await company.local.as('U0GRACE').press(at, 'approve')

  expect(ack).toMatchObject({ ok: true }) // though the decision is still held up
  await eventually(() =>
    expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('safely queued')]),
  )
  const [command] = company.queued
  if (command?.verb !== 'approve') throw new Error('no approval was queued')
  open()
  await perform(company.world.ports, command)
  await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
  expect((await company.store.request(request.id))?.decisions).toHaveLength(1)
})

describe('a click that was queued, and met a directory that was away', () => {
  /** What a worker does now: the commands that were queued, and what they left to be said. */
  async function work() {
    const { world, slack, store, queued } = company
    const tasks = tasksFor(world.ports, slack.channel, pino({ level: 'silent' }))
    const run = async ({ task, ...payload }: Job) =>
      tasks[task]?.(JSON.parse(JSON.stringify(payload)), firstAttempt)
    for (const command of queued) await run(commandJob(command))
    for (const job of [...store.jobs.values()]) if (job.task === 'answer') await run(job)
  }

  const told = () => {
    const messages = company.local.as('U0GRACE').messages('D0GRACE')
    return messages.map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`)
  }

  /** Grace's click waits for Slack to say who she is, is queued, and then Slack says that it was asked too often. */
  async function clicked() {
    const { directory } = company
    const { request, at } = await company.asked('deploy.start')
    const { until, open } = gate()
    const { account } = directory
    directory.account = async () => {
      await until
      throw new DirectoryFault('Slack said rate_limited')
    }
    await company.local.as('U0GRACE').press(at, 'approve')
    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('safely queued')]),
    )
    open()
    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE')).toEqual([
        expect.stringContaining('safely queued'),
        expect.stringMatching(/could not be checked.*It stays queued under your name and is tried again/),
      ]),
    )
    await expect(work()).rejects.toMatchObject({ code: 'identity_unknown' })
    expect(told()).toEqual([])
    directory.account = account
    return request
  }

  test('hears once that it waits, and how it ended when Slack is back', async () => {
    const { id } = await clicked()

    await work()

    expect(await company.state(id)).toBe('approved')
    expect(told()).toEqual([expect.stringContaining('Your decision is recorded.')])
    expect(whispersTo(company, 'U0GRACE')).toHaveLength(2)
    expect(company.local.problems).toEqual([])
  })

  test('hears that it came too late when Slack is back after the deadline', async () => {
    const { id } = await clicked()
    company.world.clock.advance(2 * 3_600)

    await work()

    expect(await company.state(id)).toBe('expired')
    expect(told()).toEqual([expect.stringMatching(/did not count.*no longer possible.*xpired/)])
  })
})

test('a queued click that meets a database that is away is told that it stays queued, not to try again', async () => {
  const { at } = await company.asked('deploy.start')
  const { until, open } = gate()
  company.slowDown(async () => {
    await until
    throw new StoreUnavailable({
      reason: 'away',
      message: 'gone',
      unknown: false,
      retryAfterSeconds: 2,
      cause: null,
    })
  })
  await company.local.as('U0GRACE').press(at, 'approve')
  await eventually(() => expect(company.queued).toHaveLength(1))

  open()

  await eventually(() =>
    expect(whispersTo(company, 'U0GRACE').at(-1)).toMatch(/database cannot take this.*stays queued/),
  )
})

test('when it cannot even be queued the person is told that nothing is recorded yet, and then how it ended', async () => {
  const { at } = await company.asked('deploy.start')
  const { until, open } = gate()
  company.slowDown(() => until)
  company.breakQueue()

  await company.local.as('U0GRACE').press(at, 'approve')
  await eventually(() =>
    expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('nothing is recorded yet')]),
  )
  open()

  await eventually(() => expect(whispersTo(company, 'U0GRACE').at(-1)).toBe('Your decision is recorded.'))
})

test('a database that breaks is not reported as a decision', async () => {
  const { request, at } = await company.asked('deploy.start')
  company.slowDown(() => Promise.reject(new Error('connection lost')))

  await company.local.as('U0GRACE').press(at, 'approve')

  await eventually(() =>
    expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('not certain')]),
  )
  expect(await company.state(request.id)).toBe('pending')
})

test('a slow denial keeps its window open with the truth in it', async () => {
  const { at } = await company.asked('deploy.start')
  const grace = company.local.as('U0GRACE')
  await grace.press(at, 'deny')
  await windowOpens(company, 'U0GRACE', 'deny')
  const { until, open } = gate()
  company.slowDown(() => until)

  await grace.submit({ text: { type: 'plain_text_input', value: 'No.' } })

  expect(JSON.stringify(grace.modal()?.blocks)).toContain('safely queued')
  expect(company.queued).toMatchObject([{ verb: 'deny', attempt: { reason: 'No.' } }])
  open()
})

test('whatever hangs, Slack is answered within its three seconds, and not with a success', async () => {
  const patient = await openCompany({ answerWithin: 100 })
  const { until, open } = gate()
  const { request, at } = await patient.asked('deploy.start')
  patient.slowDown(() => until)

  const ack = await patient.local.as('U0GRACE').press(at, 'approve')

  expect(ack).toMatchObject({ ok: false, error: expect.stringContaining('503') })
  expect(await patient.state(request.id)).toBe('pending') // what hangs still hangs
  open()
  // Too late for the acknowledgement is not too late for the decision.
  await eventually(async () => expect(await patient.state(request.id)).toBe('approved'))
  await patient.close()
})

test('there is time to queue a slow click before Slack has to be answered, and that is before Slack gives up', () => {
  expect(slowAfter + queueWithin.answer).toBeLessThan(answerWithin)
  expect(answerWithin).toBeLessThan(3_000)
})

test('a glass that takes too long to break is queued under the name of the same click', async () => {
  const { request, at } = await company.asked('freeze.deploy')
  await company.local.as('U0GRACE').press(at, 'break_glass')
  await windowOpens(company, 'U0GRACE', 'break_glass')
  const { until, open } = gate()
  company.slowDown(() => until)

  await send(company, 'U0GRACE', { reason })

  expect(windowOf(company, 'U0GRACE')).toContain('safely queued')
  const [command] = company.queued
  if (command?.verb !== 'break_glass') throw new Error('no glass was queued')
  open()
  await perform(company.world.ports, command)
  await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
  expect(company.store.ledger.filter((entry) => entry.type === 'glass.broken')).toHaveLength(1)
})
