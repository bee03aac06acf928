import type { JobHelpers } from 'graphile-worker'

/** graphile-worker waits e^attempt seconds before it tries a failed job again: after the third and any later one, 20. */
const longest = 3

/**
 * A job is about to fail: however often it has, it is tried again within seconds and never given up. Behind most of
 * them somebody waits, or a deadline; without this, a database that was away for a while would cost them half an hour,
 * and a longer one all their attempts. One that can never succeed says so in the log each time.
 */
export async function limitBackoff(helpers: JobHelpers): Promise<void> {
  const less = `UPDATE graphile_worker._private_jobs SET attempts = least(attempts, ${longest})
    WHERE id = $1 AND key IS NOT NULL`
  // What cannot be written now because the database is away is written with the next attempt.
  await helpers.query(less, [helpers.job.id]).catch(() => {})
}
