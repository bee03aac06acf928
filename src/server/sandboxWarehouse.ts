import { createHmac } from 'node:crypto'
import { Client, DatabaseError, escapeIdentifier } from 'pg'
import type { CredentialIssuer } from '../approvals/leases/issuer.ts'
import type { Previewer } from '../approvals/previews/previewer.ts'
import { readTargets, type TargetsOf } from '../issuers/readTargets.ts'
import type { WarehouseLogin, WarehouseLook } from '../sandbox/wire.ts'
import type { Embedded } from '../store/embedded.ts'

/** The sandbox's own target for credentials: a small database beside the product's, with people who do not exist. */
export interface SandboxWarehouse {
  readonly targets: readonly CredentialIssuer[]
  readonly previewers: readonly Previewer[]
  /** What somebody sees who logs in with this, and with nothing else of ours. */
  look(login: WarehouseLogin): Promise<WarehouseLook>
}

const database = 'acme_warehouse'
const issuer = 'acme_warehouse_issuer'
/** Says, before people are asked, how many rows there are. */
const preview = 'acme_warehouse_preview'

/**
 * Makes the warehouse in our own PostgreSQL, unless it is there, the role that issues for it and the one of its previews. Each may enter the
 * warehouse only, and so may every role that it makes: the product's database is closed to all but the product.
 *
 * @param by.beside for a command beside a server, which has made it
 * @param by.audience who the grants are for that are exchanged for a role: without audiences in the policy, ourselves
 */
export async function sandboxWarehouse(
  { url, migrateUrl }: Pick<Embedded, 'url' | 'migrateUrl'>,
  by: { readonly beside: boolean; readonly audience: string; readonly of: TargetsOf },
): Promise<SandboxWarehouse> {
  // Lead to nothing else, as the password of the role that serves.
  const ownerPassword = decodeURIComponent(new URL(migrateUrl).password)
  const loginOf = (user: string): WarehouseLogin => ({
    user,
    password: createHmac('sha256', ownerPassword).update(user).digest('base64url'),
  })
  const logins = [loginOf(issuer), loginOf(preview)] as const
  if (!by.beside) await make({ url, migrateUrl }, logins)
  const [issuing, previewing] = logins.map((login) => addressFor(migrateUrl, login))
  const read = readTargets('the sandbox', targetFile({ issuing, previewing, audience: by.audience }))
  if (!('targets' in read)) throw new Error(read.problems.map(({ message }) => message).join('; '))
  return {
    targets: read.targets(by.of),
    previewers: read.previewers(),
    look: (login) => look(addressFor(migrateUrl, login)),
  }
}

/** As an operator would write it (docs/credentials.md). */
function targetFile(
  of: Readonly<Record<'issuing' | 'previewing', string | undefined>> & { readonly audience: string },
): string {
  return `targets:
  - name: warehouse
    issuer: postgresql
    audience: ${JSON.stringify(of.audience)}
    url: ${JSON.stringify(of.issuing)}
    preview: {url: ${JSON.stringify(of.previewing)}}
    environments: [prod]
    life: 10m
    actions:
      db.export:
        resource: 'warehouse.*'
        schema: public
        table: {from: resource.rest}
        columns: {from: params.columns}
        privileges: [SELECT]
`
}

function addressFor(migrateUrl: string, { user, password }: WarehouseLogin): string {
  const url = new URL(migrateUrl)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  url.pathname = `/${database}`
  return url.href
}

/** Each step is right when an earlier start has done it. */
async function make(
  { url, migrateUrl }: Pick<Embedded, 'url' | 'migrateUrl'>,
  [issuing, previewing]: readonly [WarehouseLogin, WarehouseLogin],
): Promise<void> {
  await withClient(migrateUrl, async (client) => {
    const found = async (sql: string, name: string) => (await client.query(sql, [name])).rowCount !== 0
    for (const { user } of [issuing, previewing])
      if (!(await found('SELECT 1 FROM pg_roles WHERE rolname = $1', user)))
        await client.query(`CREATE ROLE ${user}`)
    const ordinary = 'NOSUPERUSER NOCREATEDB NOREPLICATION'
    await client.query(
      `ALTER ROLE ${issuing.user} LOGIN CREATEROLE ${ordinary} PASSWORD '${issuing.password}'`,
    )
    await client.query(
      `ALTER ROLE ${previewing.user} LOGIN NOCREATEROLE ${ordinary} PASSWORD '${previewing.password}'`,
    )
    if (!(await found('SELECT 1 FROM pg_database WHERE datname = $1', database)))
      await client.query(`CREATE DATABASE ${database}`)
    for (const statement of closing(new URL(url))) await client.query(statement)
  })
  const inside = new URL(migrateUrl)
  inside.pathname = `/${database}`
  await withClient(inside.href, async (client) => {
    for (const statement of filling) await client.query(statement)
  })
}

/** Everybody may enter every database, unless it is taken from them. The owner is a superuser and needs nothing. */
const closing = (serving: URL) => [
  `GRANT CONNECT ON DATABASE ${escapeIdentifier(serving.pathname.slice(1))} TO ${escapeIdentifier(serving.username)}`,
  `REVOKE CONNECT ON DATABASE ${escapeIdentifier(serving.pathname.slice(1))} FROM PUBLIC`,
  'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC',
  'REVOKE CONNECT ON DATABASE template1 FROM PUBLIC',
  `REVOKE CONNECT, TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
  `GRANT CONNECT ON DATABASE ${database} TO ${issuer} WITH GRANT OPTION`,
  `GRANT CONNECT ON DATABASE ${database} TO ${preview}`,
]

const filling = [
  'CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, email text NOT NULL, phone text NOT NULL)',
  'CREATE TABLE IF NOT EXISTS orders (id int PRIMARY KEY, user_id int NOT NULL, total_cents int NOT NULL)',
  // As many as the example asks for, about: what people are shown of it before they decide fits what the agent says.
  `INSERT INTO users SELECT n, coalesce((ARRAY['ada', 'grace', 'alan'])[n], 'person' || n) || '@example.com', '+1 202 555 ' || lpad((n + 100)::text, 4, '0')
   FROM generate_series(1, 248317) n WHERE NOT EXISTS (SELECT FROM users)`,
  'INSERT INTO orders VALUES (1, 1, 4900), (2, 3, 12900) ON CONFLICT DO NOTHING',
  `GRANT USAGE ON SCHEMA public TO ${issuer} WITH GRANT OPTION`,
  // The most that an approval can give: what it does give are the columns that people approved.
  `GRANT SELECT ON users, orders TO ${issuer} WITH GRANT OPTION`,
  `GRANT USAGE ON SCHEMA public TO ${preview}`,
  `GRANT SELECT ON users, orders TO ${preview}`,
  // What was never analysed has no estimate.
  'ANALYZE users, orders',
]

/** Column by column, as somebody would who tries what they can get. */
async function look(url: string): Promise<WarehouseLook> {
  try {
    return await withClient(url, async (client) => {
      const may: string[] = []
      const refused: string[] = []
      for (const column of ['id', 'email', 'phone'])
        ((await reads(client, `SELECT ${column} FROM users`)) ? may : refused).push(column)
      if (!(await reads(client, 'SELECT id FROM orders'))) refused.push('the table orders')
      const rows = may.length === 0 ? [] : await firstRows(client, may)
      return { entered: true, columns: may, rows, refused }
    })
  } catch (fault) {
    // 28P01 is also what PostgreSQL says where there is no such role; 28000 where it may not log in any more.
    if (fault instanceof DatabaseError && ['28P01', '28000'].includes(fault.code ?? ''))
      return { entered: false, columns: [], rows: [], refused: [] }
    throw fault
  }
}

async function reads(client: Client, sql: string): Promise<boolean> {
  try {
    await client.query(sql)
    return true
  } catch (fault) {
    if (fault instanceof DatabaseError && fault.code === '42501') return false
    throw fault
  }
}

async function firstRows(
  client: Client,
  columns: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const text = columns.map((column) => `${column}::text`).join(', ')
  const { rows } = await client.query<string[]>({
    text: `SELECT ${text} FROM users ORDER BY users.${columns[0]} LIMIT 3`,
    rowMode: 'array',
  })
  return rows
}

const patience = { connectionTimeoutMillis: 3_000, query_timeout: 10_000 } as const

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'countersign sandbox', ...patience })
  client.on('error', () => undefined) // its next statement says so
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
