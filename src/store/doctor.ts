import { connect } from './connect.ts'
import type { Log } from './log.ts'

/** One sentence about a database that answers. @throws StoreFault `unreachable`, `auth_failed`, `database_missing`, `server_too_old` */
export async function checkDatabase(databaseUrl: string, log: Log): Promise<string> {
  const pool = await connect(databaseUrl, log)
  try {
    const { rows } = await pool.query<{ version: string; name: string }>(
      `SELECT current_setting('server_version') AS version, current_database() AS name`,
    )
    return `PostgreSQL ${rows[0]?.version ?? '?'}, database ${rows[0]?.name ?? '?'}`
  } finally {
    await pool.end()
  }
}
