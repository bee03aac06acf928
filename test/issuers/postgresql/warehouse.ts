import { Client } from 'pg'
import type { IssuedCredential } from '../../../src/approvals/leases/issuer.ts'
import type { Action } from '../../../src/core/action.ts'
import { readTargets } from '../../../src/issuers/readTargets.ts'
import { roleAndDatabase } from '../../store/role.ts'
import { urlOf, withClient } from '../../support/database.ts'

/** A database with tables, and a role that may give away some of it, as docs/credentials.md says. */
export async function warehouse() {
  const { role, database, url } = await roleAndDatabase(({ role, database, password }) => [
    `CREATE ROLE ${role} LOGIN CREATEROLE PASSWORD '${password}'`,
    `CREATE DATABASE ${database} TEMPLATE template0`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role} WITH GRANT OPTION`,
  ])
  const asOwner = <T>(work: (client: Client) => Promise<T>) => withClient(urlOf(database), work)
  await asOwner(async (owner) => {
    for (const statement of [
      `CREATE TABLE users (id int PRIMARY KEY, name text, secret text)`,
      `INSERT INTO users VALUES (1, 'Ada', 'x'), (2, 'Ben', 'y')`,
      `CREATE TABLE other (id int)`,
      `CREATE VIEW everybody AS SELECT * FROM users`,
      `CREATE TABLE open_to_all (id int, name text)`,
      `GRANT SELECT ON open_to_all TO PUBLIC`,
      `GRANT USAGE ON SCHEMA public TO ${role} WITH GRANT OPTION`,
      `GRANT SELECT (id, name), UPDATE (name) ON users TO ${role} WITH GRANT OPTION`,
      `GRANT SELECT (id, name) ON everybody, open_to_all TO ${role} WITH GRANT OPTION`,
    ])
      await owner.query(statement)
  })
  return { role, database, url, asOwner, file: fileFor(url) }
}

/** The operator's file. */
export function fileFor(url: string, more = ''): string {
  return `targets:
  - name: warehouse
    issuer: postgresql
    audience: https://db.acme.test
    url: ${JSON.stringify(url)}
    environments: [prod]
${more}    actions:
      db.export:
        resource: 'warehouse.*'
        schema: public
        table: {from: resource.rest}
        columns: {from: params.columns}
        privileges: [SELECT]
      db.rename:
        resource: 'warehouse.users'
        schema: public
        table: users
        columns: [name]
        privileges: [UPDATE]
`
}

export function issuerAt(url: string, installation = 'wsp_one', more = '') {
  const read = readTargets('credentials.yaml', fileFor(url, more))
  if (!('targets' in read)) throw new Error(JSON.stringify(read.problems))
  const [issuer] = read.targets({ installation, signer: null })
  if (!issuer) throw new Error('no target')
  return issuer
}

export const exportUsers: Action = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { columns: ['id', 'name'] },
  environment: 'prod',
}

/** Connects as whoever has the credential. */
export async function clientAs(credential: IssuedCredential['credential']): Promise<Client> {
  const { host, port, database, user, password } = credential
  const client = new Client({
    host: String(host),
    port: Number(port),
    database: String(database),
    user: String(user),
    password: String(password),
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

export async function works(credential: IssuedCredential['credential']): Promise<boolean> {
  try {
    const client = await clientAs(credential)
    await client.query('SELECT id FROM users')
    await client.end()
    return true
  } catch {
    return false
  }
}
