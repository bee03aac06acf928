import type { Pool } from 'pg'
import type { OpenHome, OpenHomes } from '../approvals/openHomes.ts'

/** Seconds after which a keeper that has said nothing is taken to be gone: it says so three times as often. */
const silence = 60

/** The `OpenHomes` port on PostgreSQL, whose clock counts. */
export function openHomesOn(pool: Pool): OpenHomes {
  return {
    async openHome(user, keeper) {
      await pool.query(open, [user, keeper])
    },
    async keepOpenHomes(keeper) {
      const { rows } = await pool.query<OpenHome>(keep, [keeper])
      return rows
    },
    async leaveOpenHomes(keeper) {
      // Long over, and not just now: two processors do not agree on a clock to the microsecond.
      await pool.query('UPDATE open_homes SET kept_until = to_timestamp(0) WHERE keeper = $1', [keeper])
    },
  }
}

const open = `
  INSERT INTO open_homes (id, opened_at, keeper, kept_until)
  VALUES ($1, clock_timestamp(), $2, clock_timestamp() + interval '${silence} seconds')
  ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at, keeper = excluded.keeper, kept_until = excluded.kept_until`

/** Of two that take one at the same moment the second waits for the first, and finds that it is kept. */
const keep = `
  WITH over AS (DELETE FROM open_homes WHERE opened_at < clock_timestamp() - interval '1 hour')
  UPDATE open_homes SET keeper = $1, kept_until = clock_timestamp() + interval '${silence} seconds'
  WHERE opened_at >= clock_timestamp() - interval '1 hour' AND (keeper = $1 OR kept_until < clock_timestamp())
  RETURNING id AS "user", extract(epoch FROM clock_timestamp() - opened_at)::float8 AS "openedSecondsAgo"`
