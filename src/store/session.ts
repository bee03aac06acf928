import type { ClientBase } from 'pg'

/**
 * What every session of ours runs under, whatever was set for the role, the database or the server: the driver reads
 * points in time as UTC in ISO form, and would be wrong by hours elsewhere without a word. Text is UTF-8, backslashes are
 * ordinary, a transaction sees what was committed before each of its statements.
 */
const settings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  bytea_output: 'hex',
  extra_float_digits: '1',
  default_transaction_isolation: 'read committed',
  idle_session_timeout: '0', // what only listens, or only holds a lock, rests for long
} as const

/** What is acknowledged has to survive a crash of the database; whoever asked for more than that keeps it. */
const durable = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

/**
 * Makes a new session independent of what somebody set for its role or database; for a pool's `onConnect`. `more` are
 * settings of the pool's own. Statements and not start-up options, because poolers refuse those; all in one, because
 * somebody waits for the session.
 */
export async function prepareSession(
  client: ClientBase,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const set = Object.entries({ ...settings, ...more }).map(([name, value]) => `SET ${name} = '${value}'`)
  await client.query([...set, durable].join('; '))
}
