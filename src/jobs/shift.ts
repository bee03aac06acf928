import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import type { Logger as Log } from 'pino'
import { lending } from './lending.ts'
import { beginPresence, reclaimJobs } from './presence.ts'
import type { Tasks } from './tasks.ts'

export interface WorkerOptions {
  readonly pool: Pool
  readonly tasks: Tasks
  readonly log: Log
}

/** A stretch of work under one name, for as long as one session with the database lasts. */
export interface Shift {
  /** Resolves when it cannot go on. */
  readonly ended: Promise<void>
  /** Lets jobs in hand finish. Never rejects. */
  end(): Promise<void>
}

/** Milliseconds between looks for jobs that a dead process has left. */
const lookEvery = 5_000

/** Milliseconds. */
const longestJob = 12_000

/**
 * A runner reports what became of its jobs in a batch. Alone, it does so without waiting for the answer, and a database
 * that goes away in that moment would end the whole process with a rejection that nobody can catch.
 */
const reporting = { completeJobBatchDelay: 0, failJobBatchDelay: 0 } as const

/** @throws when the database does not answer; nothing is left running */
export async function startShift({ pool, tasks, log }: WorkerOptions): Promise<Shift> {
  const session = await pool.connect()
  const lost = new Promise<void>((resolve) => session.once('end', resolve))
  const closers: (() => unknown)[] = [() => session.release(true)] // its end is the end of our presence
  const end = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const { lent, takeBack } = lending(pool)
    closers.push(takeBack)
    const { name, runner } = await startRunner({ pool: lent, tasks, log })
    const ran = runner.promise.catch((error: unknown) => log.error({ err: error }, 'the job runner failed'))
    closers.push(() => stopRunner(runner, ran))
    await beginPresence(session, name)
    const look = () => reclaim(session, log)
    await look()
    const timer = setInterval(look, lookEvery)
    closers.push(() => clearInterval(timer))
    return { ended: Promise.race([lost, ran]), end }
  } catch (error) {
    await end()
    throw error
  }
}

/** `name` is the one under which it holds jobs. */
async function startRunner({
  pool,
  tasks,
  log,
}: WorkerOptions): Promise<{ readonly name: string; readonly runner: Runner }> {
  const events: WorkerEvents = new EventEmitter()
  let name = ''
  events.once('pool:create', ({ workerPool }) => {
    name = workerPool.id
  })
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    concurrency: 4,
    noHandleSignals: true,
    logger: quietLogger(log),
    events,
    preset: { worker: reporting },
  })
  return { name, runner }
}

/** Lets jobs in hand finish; no call to Slack takes longer. A runner that lost its database may never say that it stopped. */
async function stopRunner(runner: Runner, ran: Promise<void>): Promise<void> {
  const patience = new AbortController()
  // One that has ended by itself refuses to be stopped; then there is nothing to wait for.
  const stopped = runner.stop().catch(() => ran)
  await Promise.race([stopped, delay(longestJob, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
}

async function reclaim(session: PoolClient, log: Log): Promise<void> {
  try {
    const workers = await reclaimJobs(session)
    if (workers > 0) log.warn({ workers }, 'jobs of processes that died are taken over')
  } catch (error) {
    log.warn({ err: error }, 'could not look for jobs of processes that died')
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
