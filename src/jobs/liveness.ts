import type { ClientBase } from 'pg'

/**
 * A process that is killed leaves its jobs locked, and with them every other job of the same request, its deadline too.
 * graphile-worker frees them after four hours. So each worker holds an advisory lock under its name for as long as its
 * session lives: who holds jobs but no such lock is dead. (threats: kill-anywhere)
 */
const livenessLock = 0x6a6f6273 // 'jobs' in ASCII

/** A worker takes jobs a moment before it has its lock. */
const grace = '3 seconds'

/** From now on, and until the session ends, the worker of this name is alive. */
export async function showLiveness(session: ClientBase, name: string): Promise<void> {
  // Shared, because two names may have one hash: then both seem alive, and graphile-worker's four hours remain.
  await session.query('SELECT pg_advisory_lock_shared($1, hashtext($2))', [livenessLock, name])
}

/** Frees the jobs of dead workers and resolves to their number. Jobs are safe to run again: their verbs are. */
export async function reclaimJobs(session: ClientBase): Promise<number> {
  const { rows } = await session.query<{ dead: string[] | null }>(deadWorkers, [livenessLock, grace])
  const dead = rows[0]?.dead ?? []
  if (dead.length > 0) await session.query('SELECT graphile_worker.force_unlock_workers($1)', [dead])
  return dead.length
}

const deadWorkers = `SELECT array_agg(name) AS dead FROM (
    SELECT locked_by AS name FROM graphile_worker._private_jobs WHERE locked_at < now() - $2::interval
    UNION
    SELECT locked_by FROM graphile_worker._private_job_queues WHERE locked_at < now() - $2::interval
  ) AS holders
  WHERE name IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND classid = $1::integer::oid
      AND objid::bigint = hashtext(name)::bigint & 4294967295
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  )`
