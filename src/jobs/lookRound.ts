import type { ClientBase } from 'pg'
import type { Logger } from 'pino'
import type { Health } from '../approvals/ports.ts'
import { deadJobs, dropSupersededJobs } from './deadJobs.ts'
import { reclaimJobs } from './liveness.ts'

/** What a share of the jobs looks after from time to time, over all of its shifts. @throws when the database does not let it */
export type LookRound = (session: ClientBase) => Promise<void>

export interface LookRoundOptions {
  readonly tasks: readonly string[]
  /** Who says that jobs of these tasks are dead. */
  readonly share: string
  readonly log: Logger
  readonly health: Health
}

/** Jobs of dead processes are taken over, jobs that nobody wants removed, and jobs that failed for good told, each once. */
export function createLookRound({ tasks, share, log, health }: LookRoundOptions): LookRound {
  let told: ReadonlySet<string> = new Set()
  return async (session) => {
    const workers = await reclaimJobs(session)
    if (workers > 0) log.warn({ workers }, 'jobs of processes that died are taken over')
    const superseded = await dropSupersededJobs(session)
    if (superseded > 0) log.debug({ jobs: superseded }, 'jobs that were replaced while they ran are removed')
    const { count, newest } = await deadJobs(session, tasks)
    for (const { id, task, attempts } of newest)
      if (!told.has(id))
        log.error({ job: id, task, attempts }, 'a job failed for good and will not be tried again')
    told = new Set(newest.map(({ id }) => id))
    if (count === 0) return health.clear('jobs_dead', share)
    const detail = `${count} of ${share}; docs/operations.md ("When the database breaks") says how to try them again.`
    health.raise('jobs_dead', detail, share)
  }
}
