import type { Pool } from 'pg'
import { connectionsNeeded } from './connect.ts'
import { StoreFault, type StoreFaultCode } from './fault.ts'

/** Something that a replica needs of its database and does not find there. */
export interface Lack {
  readonly code: StoreFaultCode
  readonly problem: string
  readonly fix: string
}

/** What the database says about itself and about us. A limit of -1 is none. */
interface Facts {
  readonly database: string
  readonly role: string
  readonly encoding: string
  readonly schema: string | null
  readonly search_path: string
  readonly standby: boolean
  readonly read_only: boolean
  readonly unlimited: boolean
  readonly role_limit: number
  readonly database_limit: number
  readonly server_limit: number
  readonly has_jobs: boolean
  readonly has_tables: boolean
  readonly may_make_schemas: boolean
  readonly may_make_tables: boolean
}

/** Limits are those of the role that logged in. Names are quoted as they have to be written in SQL. */
const question = `
  SELECT quote_ident(current_database()) AS database, quote_ident(current_user) AS role,
    current_setting('server_encoding') AS encoding,
    quote_ident(current_schema()) AS schema, current_setting('search_path') AS search_path,
    pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS read_only,
    r.rolsuper AS unlimited, r.rolconnlimit AS role_limit, d.datconnlimit AS database_limit,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true)::int, 0) AS server_limit,
    to_regnamespace('graphile_worker') IS NOT NULL AS has_jobs,
    to_regclass('_prisma_migrations') IS NOT NULL AS has_tables,
    has_database_privilege(current_database(), 'CREATE') AS may_make_schemas,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_make_tables
  FROM pg_roles r, pg_database d WHERE r.rolname = session_user AND d.datname = current_database()`

interface Need {
  readonly code: StoreFaultCode
  /** What is wrong, or null. */
  readonly lack: (facts: Facts) => string | null
  readonly fix: (facts: Facts) => string
}

const tooFew = (limit: number, whose: string): string | null =>
  limit >= 0 && limit < connectionsNeeded
    ? `${whose} allows ${limit} connections, and each replica needs ${connectionsNeeded}.`
    : null

/** Everything that a replica needs of its database, in the order in which it is told. */
const needs: readonly Need[] = [
  {
    code: 'wrong_encoding',
    lack: ({ database, encoding }) =>
      encoding === 'UTF8'
        ? null
        : `The database ${database} is encoded as ${encoding}, which cannot hold every character.`,
    fix: ({ role }) =>
      `Make one in UTF-8 and point DATABASE_URL at it: CREATE DATABASE a_new_name OWNER ${role} TEMPLATE template0 ENCODING 'UTF8'`,
  },
  {
    code: 'read_only',
    lack: ({ standby, read_only }) =>
      standby
        ? 'The database server is a standby, which can only be read.'
        : read_only
          ? 'The database can only be read (default_transaction_read_only).'
          : null,
    fix: ({ role }) =>
      `Point DATABASE_URL at the primary; or reset the setting: ALTER ROLE ${role} RESET default_transaction_read_only (or ALTER DATABASE).`,
  },
  {
    code: 'no_schema',
    lack: ({ role, schema, search_path }) =>
      schema === null
        ? `The role ${role} has no schema to work in: its search_path is "${search_path}", and nothing in it exists and may be used.`
        : null,
    fix: ({ role }) =>
      `ALTER ROLE ${role} SET search_path = public, and GRANT USAGE, CREATE ON SCHEMA public TO ${role}`,
  },
  {
    code: 'no_rights',
    lack: ({ role, schema, has_tables, may_make_tables }) =>
      schema === null || has_tables || may_make_tables
        ? null
        : `The role ${role} may not create tables in the schema ${schema}.`,
    fix: ({ role, schema }) => `GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role}`,
  },
  {
    code: 'no_rights',
    lack: ({ role, database, has_jobs, may_make_schemas }) =>
      has_jobs || may_make_schemas
        ? null
        : `The role ${role} may not create schemas in the database ${database}; the job queue has one of its own.`,
    fix: ({ role, database }) => `GRANT CREATE ON DATABASE ${database} TO ${role}`,
  },
  {
    code: 'too_few_connections',
    lack: ({ role, role_limit, unlimited }) => (unlimited ? null : tooFew(role_limit, `The role ${role}`)),
    fix: ({ role }) => `ALTER ROLE ${role} CONNECTION LIMIT -1, or ${connectionsNeeded} for each replica`,
  },
  {
    code: 'too_few_connections',
    lack: ({ database, database_limit, unlimited }) =>
      unlimited ? null : tooFew(database_limit, `The database ${database}`),
    fix: ({ database }) =>
      `ALTER DATABASE ${database} CONNECTION LIMIT -1, or ${connectionsNeeded} for each replica`,
  },
  {
    code: 'too_few_connections',
    lack: ({ server_limit }) => tooFew(server_limit, 'The server'),
    fix: () => `Raise max_connections in postgresql.conf, by ${connectionsNeeded} for each replica.`,
  },
]

/** What the database lacks, all of it. */
export async function lacksOf(pool: Pool): Promise<readonly Lack[]> {
  const { rows } = await pool.query<Facts>(question)
  const [facts] = rows
  if (!facts) throw new Error('the database did not say what it is')
  return needs.flatMap(({ code, lack, fix }) => {
    const problem = lack(facts)
    return problem === null ? [] : [{ code, problem, fix: fix(facts) }]
  })
}

/** @throws StoreFault with everything that the database lacks, and the code of the first */
export async function refuseUnsuitable(pool: Pool): Promise<void> {
  const lacks = await lacksOf(pool)
  const [first] = lacks
  if (!first) return
  throw new StoreFault(first.code, {
    problem: lacks.map(({ problem }) => problem).join('\n'),
    fix: lacks.map(({ fix }) => fix).join('\n  '),
  })
}

/** Every table that the migrations make. */
export const tables = [
  'action_requests',
  'agent_keys',
  'agents',
  'anchor_turns',
  'anchored_checkpoints',
  'auditor_keys',
  'cards',
  'channel_tokens',
  'crowd_cards',
  'open_homes',
  'confirmations',
  'cool_downs',
  'delegations',
  'deliveries',
  'entries',
  'entry_blobs',
  'function_sets',
  'installation',
  'leases',
  'ledger_behind',
  'ledger_head',
  'ledger_keys',
  'ledger_leaves',
  'ledger_nodes',
  'linked_accounts',
  'mentions',
  'on_call_links',
  'operator_keys',
  'personal_tokens',
  'policy_activations',
  'policy_versions',
  'replicas',
  'request_people',
  'begun_executions',
  'budget_entries',
  'budget_heads',
  'resources',
  'shadows',
  'seen_accounts',
  'shadow_differences',
  'shadow_replicas',
  'shown_proofs',
  'signing_keys',
  'stops',
  'stream_cursors',
  'unsealed_entries',
  'webhook_deliveries',
  'webhooks',
] as const

/** The job queue's own. */
const jobTables = ['_private_jobs', '_private_job_queues', '_private_tasks'].map(
  (name) => `graphile_worker.${name}`,
)

/**
 * After the migrations: somebody may have dropped what they made. @throws StoreFault `schema_damaged`, naming what is
 * missing
 */
export async function refuseMissingTables(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL ORDER BY name',
    [[...tables, ...jobTables]],
  )
  if (rows.length === 0) return
  throw new StoreFault('schema_damaged', {
    problem: `The database was migrated, but has no table ${rows.map(({ name }) => name).join(', ')} where the role looks for it.`,
    fix: 'Restore it from a backup of this version; or, if the tables are in another schema, name that one in the search_path of the role.',
  })
}
