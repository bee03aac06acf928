import { Logger, run } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger as Log } from 'pino'
import type { Tasks } from './tasks.ts'

/** The running worker. `stop` lets jobs in hand finish. */
export interface Worker {
  readonly stop: () => Promise<void>
}

/**
 * Runs jobs from the database until stopped. A job that throws is tried again, later and later (graphile-worker's
 * back-off: e^attempt seconds, up to 25 attempts), so whatever was acknowledged is done in the end.
 */
export async function startWorker(options: {
  readonly pool: Pool
  readonly tasks: Tasks
  readonly log: Log
}): Promise<Worker> {
  const runner = await run({
    pgPool: options.pool,
    taskList: options.tasks,
    concurrency: 4,
    noHandleSignals: true,
    logger: quietLogger(options.log),
  })
  // The runner ends by itself only when the database is gone for good; that must not pass in silence.
  runner.promise.catch((error: unknown) => options.log.error({ err: error }, 'the job worker ended'))
  return { stop: () => runner.stop() }
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

/** graphile-worker reports each job it runs; that is detail here. Job payloads never reach the log. */
function quietLogger(log: Log): Logger {
  return new Logger((scope) => (level, message) => {
    log[levels[level]]({ task: scope.taskIdentifier, job: scope.jobId }, message)
  })
}
