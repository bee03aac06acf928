import type { Pool } from 'pg'

/** What of one task should have been done by now. */
export interface Backlog {
  readonly task: string
  /** Due, and in nobody's hand. */
  readonly due: number
  /** For how long the longest due one has been due. */
  readonly lateSeconds: number
  /** Failed for good (deadJobs.ts). */
  readonly dead: number
}

/** One line for each task that has something due or dead. */
export async function readBacklog(pool: Pool): Promise<readonly Backlog[]> {
  const { rows } = await pool.query<Backlog>(backlog)
  return rows
}

/**
 * What is due is found by the queue's own index, so `now()`: no index is searched by the time of the moment. What is dead
 * has none, and is looked for as deadJobs.ts looks for it, more often.
 */
const backlog = `
  WITH due AS (
    SELECT task_id, count(*)::integer AS count, min(run_at) AS since
    FROM graphile_worker._private_jobs WHERE is_available AND run_at <= now() GROUP BY task_id
  ), dead AS (
    SELECT task_id, count(*)::integer AS count
    FROM graphile_worker._private_jobs
    WHERE NOT is_available AND key IS NOT NULL AND attempts >= max_attempts AND locked_at IS NULL GROUP BY task_id
  )
  SELECT tasks.identifier AS task, coalesce(due.count, 0) AS due, coalesce(dead.count, 0) AS dead,
    coalesce(extract(epoch FROM now() - due.since), 0)::float8 AS "lateSeconds"
  FROM graphile_worker._private_tasks AS tasks
    LEFT JOIN due ON due.task_id = tasks.id LEFT JOIN dead ON dead.task_id = tasks.id
  WHERE due.count > 0 OR dead.count > 0`
