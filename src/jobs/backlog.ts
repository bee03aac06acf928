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

const backlog = `
  SELECT tasks.identifier AS task,
    (count(*) FILTER (WHERE jobs.is_available))::integer AS due,
    coalesce(extract(epoch FROM clock_timestamp() - min(jobs.run_at) FILTER (WHERE jobs.is_available)), 0)::float8
      AS "lateSeconds",
    (count(*) FILTER (WHERE NOT jobs.is_available))::integer AS dead
  FROM graphile_worker._private_jobs AS jobs JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
  WHERE jobs.is_available AND jobs.run_at <= clock_timestamp()
    OR jobs.key IS NOT NULL AND jobs.attempts >= jobs.max_attempts AND jobs.locked_at IS NULL
  GROUP BY tasks.identifier`
