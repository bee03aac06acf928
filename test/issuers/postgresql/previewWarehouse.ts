import type { Client } from 'pg'
import type { Previewer } from '../../../src/approvals/previews/previewer.ts'
import { readTargets } from '../../../src/issuers/readTargets.ts'
import { roleAndDatabase } from '../../store/role.ts'
import { urlOf, withClient } from '../../support/database.ts'
import { fileFor } from './warehouse.ts'

/** A database with tables of which estimates are known, and a login that may select from them, as docs/credentials.md says. */
export async function previewWarehouse() {
  const { role, database, url } = await roleAndDatabase(({ role, database, password }) => [
    `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`,
    `CREATE DATABASE ${database} TEMPLATE template0`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
  ])
  const asOwner = <T>(work: (client: Client) => Promise<T>) => withClient(urlOf(database), work)
  await asOwner(async (owner) => {
    for (const statement of [
      'CREATE TABLE users (id int, name text, secret text)',
      `INSERT INTO users SELECT n, 'Ada', 'x' FROM generate_series(1, 2345) n`,
      'CREATE TABLE effects (what text)',
      `CREATE VIEW everybody AS SELECT * FROM users`,
      'CREATE TABLE fresh (id int, name text)',
      'ANALYZE users',
      `GRANT USAGE ON SCHEMA public TO ${role}`,
      `GRANT SELECT (id, name) ON users TO ${role}`,
      `GRANT SELECT ON everybody, fresh TO ${role}`,
    ])
      await owner.query(statement)
  })
  return { role, database, url, asOwner, previewer: previewerAt(url) }
}

/** A target whose issuer is somewhere else. */
export function previewerAt(url: string): Previewer {
  const more = `    preview: {url: ${JSON.stringify(url)}}\n`
  const read = readTargets('credentials.yaml', fileFor('postgresql://issuer:x@db.acme.test/x', more))
  if (!('targets' in read)) throw new Error(JSON.stringify(read.problems))
  const [previewer] = read.previewers()
  if (!previewer) throw new Error('no previewer')
  return previewer
}
