import { setTimeout as delay } from 'node:timers/promises'
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import type { Logger as Log } from 'pino'
import type { Store } from '../approvals/ports.ts'
import { type Closers, createClosers } from '../lifetime/closers.ts'
import { within } from '../lifetime/limit.ts'
import { hearOfDue } from './dueJobs.ts'
import { showLiveness } from './liveness.ts'
import type { LookRound } from './lookRound.ts'
import type { Pulse } from './pulse.ts'
import type { Tasks } from './tasks.ts'
import { trackPool } from './trackedPool.ts'

export interface SessionOptions {
  readonly pool: Pool
  readonly tasks: Tasks
  readonly hands: number
  readonly log: Log
  readonly pulse: Pulse
  readonly lookRound: LookRound
  /** Milliseconds after which each free hand looks for work that nobody announced: what falls due by its time. */
  readonly pollEvery: number
  /** How it hears of jobs that are due; without it, of every job that there is. */
  readonly watch?: Store['watch'] | undefined
}

/** A stretch of work under one name, for as long as one session with the database lasts. */
export interface WorkSession {
  /** Resolves when it cannot go on. */
  readonly ended: Promise<void>
  /** Lets jobs in hand finish, for a while. Never rejects. */
  end(): Promise<void>
}

/** How many jobs one runner does at once, by itself. Most of the time they wait: for the database, for Slack. */
export const usualHands = 8

/** Milliseconds between looks round. */
const lookEvery = 5_000

/** Looks in a row that may fail before it is given up, and its connection with it. */
const failedLooks = 2

/** Milliseconds. */
const limits = { start: 30_000, longestJob: 12_000, report: 3_000 } as const

/**
 * A runner reports what became of its jobs in a batch. Alone, it does so without waiting for the answer, and a database
 * that goes away in that moment would end the whole process with a rejection that nobody can catch.
 */
const reporting = { completeJobBatchDelay: 0, failJobBatchDelay: 0 } as const

/** @throws when the database does not answer, or not in time; nothing is left running */
export async function startSession(options: SessionOptions): Promise<WorkSession> {
  const closers = createClosers(options.log)
  try {
    const { ended } = await within(limits.start, 'starting a job worker', () => begin(options, closers))
    return { ended, end: closers.close }
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** What it begins when it was given up already is ended at once. */
async function begin(
  { pool, tasks, hands, log, pulse, lookRound, pollEvery, watch }: SessionOptions,
  closers: Closers,
): Promise<Pick<WorkSession, 'ended'>> {
  const session = await pool.connect()
  const lost = new Promise<void>((resolve) => session.once('end', resolve))
  closers.add('the session of a job worker', () => session.release(true)) // its end is the end of our liveness lock
  const { pool: tracked, check, closeListeners } = trackPool(pool)
  closers.add('the connection that hears of jobs', closeListeners)
  const events = pulse.beginSession()
  if (watch) closers.add('news of jobs', hearOfDue({ watch, events, tasks: Object.keys(tasks), hands }))
  const { name, runner } = await startRunner({ pool: tracked, tasks, hands, log, pollEvery }, events)
  const ran = runner.promise.catch((error: unknown) => log.error({ err: error }, 'the job runner failed'))
  closers.add('the job runner', () => stopRunner(runner, { ran, pulse }), limits.longestJob + limits.report)
  await showLiveness(session, name)
  await lookRound(session)
  const looks = keepLooking(session, { lookRound, log, check })
  closers.add('looking after jobs', looks.stop)
  return { ended: Promise.race([lost, ran, looks.failed]) }
}

/** `name` is the one under which it holds jobs. */
async function startRunner(
  {
    pool,
    tasks,
    hands,
    log,
    pollEvery,
  }: Pick<SessionOptions, 'pool' | 'tasks' | 'hands' | 'log' | 'pollEvery'>,
  events: WorkerEvents,
): Promise<{ readonly name: string; readonly runner: Runner }> {
  let name = ''
  events.once('pool:create', ({ workerPool }) => {
    name = workerPool.id
  })
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    concurrency: hands,
    noHandleSignals: true,
    logger: quietLogger(log),
    events,
    preset: { worker: { ...reporting, pollInterval: pollEvery } },
  })
  return { name, runner }
}

/**
 * Lets jobs in hand finish; no call to Slack takes longer. Then it may say what became of them, which a runner that lost
 * its database never ends trying: the next session, or another process, does them again.
 */
async function stopRunner(
  runner: Runner,
  { ran, pulse }: { readonly ran: Promise<void>; readonly pulse: Pulse },
): Promise<void> {
  const patience = new AbortController()
  const wait = (ms: number) => delay(ms, undefined, { signal: patience.signal }).catch(() => undefined)
  // One that has ended by itself refuses to be stopped; then there is nothing to wait for.
  const stopped = runner.stop().catch(() => ran)
  await Promise.race([stopped, wait(pulse.inHand() > 0 ? limits.longestJob : 0)])
  await Promise.race([stopped, wait(limits.report)])
  patience.abort()
}

/** Looks round every few seconds, one look after the other. `failed` resolves when looking does not work any more. */
function keepLooking(
  session: PoolClient,
  { lookRound, log, check }: Pick<SessionOptions, 'lookRound' | 'log'> & { readonly check: () => void },
): { readonly failed: Promise<void>; readonly stop: () => void } {
  let timer: NodeJS.Timeout
  let stopped = false
  const failed = new Promise<void>((resolve) => {
    let inARow = 0
    const look = async () => {
      check()
      try {
        await lookRound(session)
        inARow = 0
      } catch (error) {
        inARow += 1
        if (!stopped) log.warn({ err: error }, 'could not look after jobs that others left')
      }
      if (inARow >= failedLooks) resolve()
      else if (!stopped) timer = setTimeout(look, lookEvery)
    }
    timer = setTimeout(look, lookEvery)
  })
  return {
    failed,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

/**
 * graphile-worker reports each job it runs; that is detail here, also that one failed: tasks.ts has said why, and how
 * bad that is. Job payloads never reach the log.
 */
function quietLogger(log: Log): Logger {
  return new Logger((scope) => (level, message) => {
    const about = scope.jobId === undefined ? levels[level] : 'debug'
    log[about]({ task: scope.taskIdentifier, job: scope.jobId }, message)
  })
}
