import { type Client, escapeIdentifier } from 'pg'
import { TargetFault } from '../../approvals/leases/issuer.ts'
import { underLock } from './session.ts'

/** How often sessions are looked for. One that logged in before the role lost its login is found in the next look. */
const mostLooks = 4
/** Milliseconds that the server waits for each of them. */
const patienceMs = 1_000

/**
 * Ends a role with everything that was begun under it. In this order: no new session, no old session, no right, no role; each step is
 * right when an earlier run has done it already. A role that does not exist is gone.
 *
 * @throws TargetFault while a session does not end
 */
export async function dropRole(client: Client, role: string): Promise<'gone'> {
  const name = escapeIdentifier(role)
  const id = await underLock(client, async () => {
    const found = await idOf(client, role)
    if (found !== null) await client.query(`ALTER ROLE ${name} NOLOGIN`)
    return found
  })
  if (id === null) return 'gone'
  await endSessions(client, id)
  await underLock(client, async () => {
    if ((await idOf(client, role)) === null) return
    for (const revoke of await revocations(client, id)) await client.query(`${revoke} FROM ${name}`)
    // What it made. That goes before the role, which could not be dropped while it owns anything.
    await client.query(`DROP OWNED BY ${name}`)
    await client.query(`DROP ROLE ${name}`)
  })
  return 'gone'
}

async function idOf(client: Client, role: string): Promise<number | null> {
  const { rows } = await client.query<{ oid: number }>('SELECT oid FROM pg_roles WHERE rolname = $1', [role])
  return rows[0]?.oid ?? null
}

/** By the number of the role: a session that outlives its role has no name any more. */
async function endSessions(client: Client, id: number): Promise<void> {
  for (let look = 0; look < mostLooks; look += 1) {
    const { rows } = await client.query<{ ended: boolean }>(
      'SELECT pg_terminate_backend(pid, $2) AS ended FROM pg_stat_activity WHERE usesysid = $1',
      [id, patienceMs],
    )
    if (rows.length === 0) return
  }
  throw new TargetFault('PostgreSQL: a session of the role does not end')
}

/**
 * REVOKE for everything that was granted to the role, as the catalogue has it: `DROP OWNED` leaves what was granted on single columns,
 * and then no role can be dropped.
 */
async function revocations(client: Client, id: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ kind: string; schema: string; name: string; column: string | null }>(
    `SELECT CASE WHEN d.classid = 'pg_database'::regclass THEN 'DATABASE'
                 WHEN d.classid = 'pg_namespace'::regclass THEN 'SCHEMA' ELSE 'TABLE' END AS kind,
       coalesce(n.nspname, '') AS schema, coalesce(b.datname, s.nspname, c.relname) AS name, a.attname AS column
     FROM pg_shdepend d
       LEFT JOIN pg_database b ON d.classid = 'pg_database'::regclass AND b.oid = d.objid
       LEFT JOIN pg_namespace s ON d.classid = 'pg_namespace'::regclass AND s.oid = d.objid
       LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
     WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = $1 AND d.deptype = 'a'
       AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
       AND d.classid IN ('pg_database'::regclass, 'pg_namespace'::regclass, 'pg_class'::regclass)`,
    [id],
  )
  return rows.map(({ kind, schema, name, column }) => {
    const what =
      kind === 'TABLE' ? `${escapeIdentifier(schema)}.${escapeIdentifier(name)}` : escapeIdentifier(name)
    return `REVOKE ALL PRIVILEGES ${column === null ? '' : `(${escapeIdentifier(column)}) `}ON ${kind} ${what}`
  })
}
