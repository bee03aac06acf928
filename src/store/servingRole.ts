import { type ClientBase, escapeIdentifier, type Pool } from 'pg'
import { StoreFault } from './fault.ts'
import type { tables } from './suitable.ts'

type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'

const reads = ['SELECT'] as const
const adds = ['SELECT', 'INSERT'] as const
const changes = ['SELECT', 'INSERT', 'UPDATE'] as const
const queue = ['SELECT', 'INSERT', 'DELETE'] as const
const all = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const

/**
 * What the work needs of each table, and no more: what is recorded can be read and added to. To change or remove an entry,
 * somebody needs the role that owns the tables, which no connection of a server that has two roles uses (threats: rewrite).
 */
const rights: Readonly<Record<(typeof tables)[number] | '_prisma_migrations', readonly Right[]>> = {
  _prisma_migrations: reads,
  action_requests: changes,
  agent_keys: changes,
  agents: changes,
  anchor_turns: changes,
  anchored_checkpoints: adds,
  auditor_keys: changes,
  begun_executions: adds,
  budget_entries: all,
  budget_heads: changes,
  cards: changes,
  channel_tokens: all,
  confirmations: changes,
  cool_downs: all,
  delegations: changes,
  crowd_cards: all,
  deliveries: adds,
  entries: adds,
  entry_blobs: adds,
  function_sets: reads,
  installation: adds,
  leases: changes,
  ledger_behind: adds,
  ledger_head: changes,
  ledger_keys: adds,
  ledger_leaves: adds,
  ledger_nodes: adds,
  linked_accounts: changes,
  mentions: all,
  on_call_links: changes,
  open_homes: all,
  operator_keys: changes,
  personal_tokens: changes,
  policy_activations: adds,
  policy_versions: adds,
  replicas: all,
  request_people: adds,
  resources: changes,
  seen_accounts: all,
  shadow_differences: all,
  shadow_replicas: all,
  shadows: all,
  shown_proofs: all,
  signing_keys: changes,
  stops: changes,
  stream_cursors: changes,
  unsealed_entries: queue,
  webhook_deliveries: all,
  webhooks: changes,
}

/**
 * Lets whoever logs in at `serving` work with the tables that `migrating` made, and takes from that role what it had beside
 * that. In one transaction, under the lock of the migrations.
 *
 * @throws StoreFault `one_role` when the role owns the tables, or is above all rights; `two_databases` when the two do not
 * see the same tables
 */
export async function letServe(serving: Pool, migrating: ClientBase): Promise<void> {
  const { rows } = await serving.query<{ role: string }>('SELECT session_user::text AS role')
  const role = rows[0]?.role ?? ''
  await refuseUnlessOther(migrating, role)
  await migrating.query('BEGIN')
  try {
    await grant(migrating, role)
    await migrating.query('COMMIT')
  } catch (error) {
    await migrating.query('ROLLBACK').catch(() => undefined)
    throw error
  }
  const [seen, made] = [await originOf(serving).catch(() => null), await originOf(migrating)]
  if (seen === null || seen !== made) throw twoDatabases(role)
}

async function grant(client: ClientBase, role: string): Promise<void> {
  const to = escapeIdentifier(role)
  const { rows } = await client.query<{ schema: string }>('SELECT quote_ident(current_schema()) AS schema')
  const statements = [
    `GRANT USAGE ON SCHEMA ${rows[0]?.schema}, graphile_worker TO ${to}`,
    ...Object.entries(rights).flatMap(([table, allowed]) => [
      `REVOKE ALL ON ${table} FROM ${to}`,
      `GRANT ${allowed.join(', ')} ON ${table} TO ${to}`,
    ]),
    `GRANT ${all.join(', ')} ON ALL TABLES IN SCHEMA graphile_worker TO ${to}`,
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA graphile_worker TO ${to}`,
  ]
  // At once: each start does it, and forty answers are waited for otherwise.
  await client.query(statements.join(';\n'))
  await letIntoJobQueue(client, role)
}

/** The job queue's tables show their rows to their owner only, unless a policy says who else may see them. */
async function letIntoJobQueue(client: ClientBase, role: string): Promise<void> {
  const name = `countersign serves as ${role}`
  const { rows } = await client.query<{ table: string }>(
    `SELECT c.oid::regclass::text AS table FROM pg_class c
     WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relrowsecurity
       AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = $1::name)`,
    [name],
  )
  for (const { table } of rows)
    await client.query(
      `CREATE POLICY ${escapeIdentifier(name)} ON ${table} TO ${escapeIdentifier(role)} USING (true) WITH CHECK (true)`,
    )
}

async function refuseUnlessOther(client: ClientBase, role: string): Promise<void> {
  const mayRewrite = await ownsLedger(client, role)
  if (mayRewrite === null) throw twoDatabases(role)
  if (mayRewrite)
    throw new StoreFault('one_role', {
      problem: `The role ${role}, which is to serve, owns the tables or is a superuser: nothing would keep it from changing what is recorded.`,
      fix: 'Name another role in DATABASE_URL (CREATE ROLE countersign_server LOGIN PASSWORD …), or leave out MIGRATE_DATABASE_URL to work with one role.',
    })
}

/** Whether the role is a superuser, or the owner of the ledger's table, or a member of that; null when there is no such role. */
async function ownsLedger(client: ClientBase | Pool, role: string): Promise<boolean | null> {
  const { rows } = await client.query<{ owns: boolean }>(
    `SELECT pg_has_role(r.oid, c.relowner, 'MEMBER') AS owns
     FROM pg_roles r, pg_class c WHERE r.rolname = $1 AND c.oid = 'entries'::regclass`,
    [role],
  )
  return rows[0]?.owns ?? null
}

/** Whether whoever is connected could change or remove an entry; rights that were granted by hand count too. */
export async function mayRewriteLedger(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ role: string; granted: boolean }>(
    `SELECT session_user::text AS role, bool_or(has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE')) AS granted
     FROM unnest(ARRAY['entries', 'entry_blobs', 'ledger_leaves', 'ledger_nodes']) AS t`,
  )
  const [found] = rows
  return found === undefined || found.granted || (await ownsLedger(pool, found.role)) !== false
}

/** The first migration that was ever made where this connection looks: a random number. */
async function originOf(client: ClientBase | Pool): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM _prisma_migrations ORDER BY started_at, id LIMIT 1',
  )
  return rows[0]?.id ?? null
}

function twoDatabases(role: string): StoreFault {
  return new StoreFault('two_databases', {
    problem: `DATABASE_URL, with the role ${role}, does not lead to the tables that were made through MIGRATE_DATABASE_URL: it names another server or database, or the role looks in another schema.`,
    fix: `Let both name the same database; for tables in a schema of your own: ALTER ROLE ${role} SET search_path = your_schema`,
  })
}
