import type { ClientBase } from 'pg'

/** A job that was tried as often as it may be. Never its payload. */
export interface DeadJob {
  readonly id: string
  readonly task: string
  readonly attempts: number
}

/**
 * The job queue cannot take a job away from whoever has it in hand. One that is replaced or dropped just then loses its
 * key and gets all its attempts instead, so that it is never tried again; when it then fails, or its process dies, it
 * stays behind for ever. Nobody wants it any more: every job of ours that is wanted has a key.
 */
const removeSuperseded = `DELETE FROM graphile_worker._private_jobs
  WHERE key IS NULL AND attempts >= max_attempts AND locked_at IS NULL`

/** As many are named; all of them are counted. */
const named = 50

const findDead = `SELECT jobs.id::text, tasks.identifier AS task, jobs.attempts::integer, (count(*) OVER ())::integer AS "all"
  FROM graphile_worker._private_jobs AS jobs JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
  WHERE jobs.key IS NOT NULL AND jobs.attempts >= jobs.max_attempts AND jobs.locked_at IS NULL
    AND tasks.identifier = ANY($1::text[])
  ORDER BY jobs.id DESC LIMIT ${named}`

/** Resolves to how many were removed. */
export async function dropSupersededJobs(session: ClientBase): Promise<number> {
  const { rowCount } = await session.query(removeSuperseded)
  return rowCount ?? 0
}

/** The newest of the jobs that failed for good, and how many there are. */
export async function deadJobs(
  session: ClientBase,
  tasks: readonly string[],
): Promise<{ readonly count: number; readonly newest: readonly DeadJob[] }> {
  const { rows } = await session.query<DeadJob & { all: number }>(findDead, [tasks])
  return {
    count: rows[0]?.all ?? 0,
    newest: rows.map(({ id, task, attempts }) => ({ id, task, attempts })),
  }
}
