import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { freshDatabase, urlOf, withClient } from '../support/database.ts'

/** Runs statements as the test server's owner. */
export function asAdmin(...statements: readonly string[]): Promise<void> {
  return withClient(urlOf('postgres'), async (admin) => {
    for (const statement of statements) await admin.query(statement)
  })
}

/** A role and a database that are there for one test, as an operator would make them. */
export interface RoleAndDatabase {
  readonly role: string
  readonly database: string
  readonly url: string
}

/**
 * `make` says how: it gets names that nothing has yet, and a password. Both are dropped when the test ends.
 */
export async function roleAndDatabase(
  make: (names: {
    readonly role: string
    readonly database: string
    readonly password: string
  }) => readonly string[],
): Promise<RoleAndDatabase> {
  const name = `t${randomBytes(6).toString('hex')}`
  const names = {
    role: `${name}_role`,
    database: `${name}_db`,
    password: randomBytes(9).toString('base64url'),
  }
  onTestFinished(() =>
    asAdmin(`DROP DATABASE IF EXISTS ${names.database} WITH (FORCE)`, `DROP ROLE IF EXISTS ${names.role}`),
  )
  await asAdmin(...make(names))
  const url = new URL(urlOf(names.database))
  url.username = names.role
  url.password = names.password
  return { ...names, url: url.href }
}

/** What docs/operations.md asks for. */
export function ordinary({
  role,
  database,
  password,
}: {
  readonly role: string
  readonly database: string
  readonly password: string
}): readonly string[] {
  return [
    `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`,
    `CREATE DATABASE ${database} OWNER ${role} TEMPLATE template0 ENCODING 'UTF8'`,
  ]
}

/** A migrated database of a test's own, and beside its owner a role that nothing was granted to yet. */
export async function roleThatServes(): Promise<{
  readonly role: string
  readonly databaseUrl: string
  readonly migrateUrl: string
}> {
  const role = `t${randomBytes(6).toString('hex')}_serves`
  const password = randomBytes(9).toString('base64url')
  // Ends after the database, in which it has rights.
  onTestFinished(() => asAdmin(`DROP ROLE IF EXISTS ${role}`))
  await asAdmin(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`)
  const migrateUrl = await freshDatabase()
  const url = new URL(migrateUrl)
  url.username = role
  url.password = password
  return { role, databaseUrl: url.href, migrateUrl }
}
