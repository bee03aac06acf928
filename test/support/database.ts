import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'

/** A database of its own for one test, migrated, dropped when the test ends. Resolves to its URL. */
export async function freshDatabase(): Promise<string> {
  return makeDatabase('countersign')
}

/** The same without anything in it. */
export async function emptyDatabase(): Promise<string> {
  return makeDatabase('template0')
}

/** The test server's address for a database by name. */
export function urlOf(database: string): string {
  const url = new URL(inject('databaseServer'))
  url.pathname = `/${database}`
  return url.href
}

/** Runs statements on a connection of their own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function makeDatabase(template: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await withClient(urlOf('postgres'), (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  onTestFinished(async () => {
    await withClient(urlOf('postgres'), (admin) =>
      admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    )
  })
  return urlOf(name)
}
