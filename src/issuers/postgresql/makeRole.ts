import { type Client, escapeIdentifier, escapeLiteral } from 'pg'
import { Refusal } from '../../core/refusal.ts'
import { type Privileges, privilegeNames } from './privileges.ts'
import { underLock } from './session.ts'

export interface NewRole extends Privileges {
  readonly role: string
  readonly verifier: string
  /** RFC 3339, UTC: no login after that. */
  readonly until: string
  readonly connections: number
  readonly statementSeconds: number
  /** Kept with the role, so that a list of roles tells whose they are. */
  readonly comment: string
}

/** Below this a role that may create roles is nearly a superuser: it changes others' passwords and grants itself any role. */
const oldest = 160_000

/**
 * The role with exactly these privileges, or nothing: one transaction, and at its end the server is asked what the role may
 * really do. Names go into statements only after the catalogue has shown that they exist.
 *
 * @throws Refusal `target_refused` when that is not exactly what was planned
 */
export function makeRole(client: Client, role: NewRole): Promise<void> {
  return underLock(client, async () => {
    await expectRecent(client)
    await expectTable(client, role)
    // So that the issuer may end the sessions of the role and drop what it made: it is a member, and inherits.
    await client.query(`SET LOCAL createrole_self_grant = 'set, inherit'`)
    for (const statement of statementsFor(role, await databaseOf(client))) await client.query(statement)
    await expectExactly(client, role)
  })
}

export async function expectRecent(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  )
  if ((rows[0]?.version ?? 0) < oldest) throw refused('PostgreSQL 16 or later is needed')
}

async function databaseOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
  return rows[0]?.name ?? ''
}

/**
 * Only a plain or partitioned table: a view or a foreign table reads with the rights of somebody else. What the catalogue
 * keeps for itself is never given.
 *
 * @throws Refusal `target_refused`
 */
export async function expectTable(client: Client, { schema, table, columns }: Privileges): Promise<void> {
  const { rows } = await client.query<{ kind: string; columns: string[] }>(
    `SELECT c.relkind AS kind, ARRAY(
       SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     ) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
    [schema, table],
  )
  const [found] = rows
  if (!found) throw refused('there is no such table')
  if (found.kind !== 'r' && found.kind !== 'p')
    throw refused('it is no table: views and foreign tables are not given')
  if (!columns.every((name) => found.columns.includes(name))) throw refused('there is no such column')
}

/** There are no parameters in these statements. */
function statementsFor(role: NewRole, database: string): readonly string[] {
  const name = escapeIdentifier(role.role)
  const schema = escapeIdentifier(role.schema)
  const table = `${schema}.${escapeIdentifier(role.table)}`
  const columns = `(${role.columns.map(escapeIdentifier).join(', ')})`
  const settings = [
    `statement_timeout = ${escapeLiteral(`${role.statementSeconds}s`)}`,
    `idle_in_transaction_session_timeout = ${escapeLiteral(`${role.statementSeconds}s`)}`,
    `search_path = ${schema}`,
    ...(role.privileges.every((one) => one === 'SELECT') ? ['default_transaction_read_only = on'] : []),
  ]
  return [
    `CREATE ROLE ${name} LOGIN NOINHERIT CONNECTION LIMIT ${role.connections} VALID UNTIL ${escapeLiteral(role.until)} PASSWORD ${escapeLiteral(role.verifier)}`,
    `COMMENT ON ROLE ${name} IS ${escapeLiteral(role.comment)}`,
    ...settings.map((setting) => `ALTER ROLE ${name} SET ${setting}`),
    `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${name}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${name}`,
    ...role.privileges.map(
      (privilege) => `GRANT ${privilege} ${privilege === 'DELETE' ? '' : columns} ON ${table} TO ${name}`,
    ),
  ]
}

/**
 * A grant of which nothing may be given is only a warning, and what PUBLIC may do the role may do too: so the server is asked
 * what the role may do with this table, column by column.
 */
async function expectExactly(client: Client, role: NewRole): Promise<void> {
  const { rows } = await client.query<{ may: boolean; privilege: string; name: string | null }>(
    `SELECT p.privilege, a.attname::text AS name, has_column_privilege($1, c.oid, a.attnum, p.privilege) AS may
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS p (privilege)
     WHERE n.nspname = $2 AND c.relname = $3 AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
     SELECT 'DELETE', NULL, has_table_privilege($1, c.oid, 'DELETE')
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $2 AND c.relname = $3
     UNION ALL
     SELECT 'CONNECT', NULL, has_database_privilege($1, current_database(), 'CONNECT')
     UNION ALL
     SELECT 'USAGE', NULL, has_schema_privilege($1, $2, 'USAGE')
     UNION ALL
     SELECT 'CREATE', NULL, has_schema_privilege($1, $2, 'CREATE')
     UNION ALL
     SELECT 'TRUNCATE', NULL, has_table_privilege($1, c.oid, 'TRUNCATE, REFERENCES, TRIGGER')
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $2 AND c.relname = $3`,
    [role.role, role.schema, role.table],
  )
  const planned = ({ privilege, name }: { privilege: string; name: string | null }): boolean =>
    privilege === 'CONNECT' || privilege === 'USAGE'
      ? true
      : privilegeNames.some((one) => one === privilege && role.privileges.includes(one)) &&
        (name === null || role.columns.includes(name))
  const less = rows.filter((row) => planned(row) && !row.may)
  const more = rows.filter((row) => !planned(row) && row.may)
  if (less.length > 0) throw refused(`the issuer may not grant ${kindsOf(less)} there`)
  if (more.length > 0) throw refused(`PUBLIC may do more there than was approved: ${kindsOf(more)}`)
}

function kindsOf(rows: readonly { readonly privilege: string }[]): string {
  return [...new Set(rows.map(({ privilege }) => privilege))].join(', ')
}

function refused(detail: string): Refusal {
  return new Refusal('target_refused', detail)
}
