import type { SigningKey } from '../approvals/grants/records.ts'
import { connect } from './connect.ts'
import type { Log } from './log.ts'
import { databaseFaultOf } from './startFaults.ts'

/**
 * The signing keys, for whoever only looks: nothing is opened, made or upgraded. None of an empty database.
 *
 * @throws StoreFault as `connect` does
 */
export async function readSigningKeys(databaseUrl: string, log: Log): Promise<readonly SigningKey[]> {
  const pool = await connect(databaseUrl, log)
  try {
    const has = await pool.query<{ keys: boolean }>(`SELECT to_regclass('signing_keys') IS NOT NULL AS keys`)
    if (!has.rows[0]?.keys) return []
    const { rows } = await pool.query<SigningKey>(
      `SELECT id, version, status, public_jwk AS "publicJwk", sealed, ${time('created_at')} AS "createdAt", ${time('since')} AS since
       FROM signing_keys ORDER BY created_at, id`,
    )
    return rows
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}

/** RFC 3339 with milliseconds, as everywhere. */
const time = (column: string) =>
  `to_char(signing_keys.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
