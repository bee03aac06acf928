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

/** A database as it was, as a backup of it would bring it back. Nobody may be connected to it just now. */
export function copyOfDatabase(url: string): Promise<string> {
  return makeDatabase(new URL(url).pathname.slice(1))
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
  // What breaks while it rests, its next statement says; a database that is dropped while it says goodbye is nobody's fault.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Copying files is half the work of copying through the write-ahead log, and nothing here has to outlive the machine. */
async function makeDatabase(template: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = await administrator()
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
  onTestFinished(async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
  return urlOf(name)
}

/** One for all files of a worker; it ends with the worker, or with the server. */
let standing: Promise<Client> | undefined

function administrator(): Promise<Client> {
  standing ??= (async () => {
    const client = new Client({ connectionString: urlOf('postgres') })
    client.on('error', () => {
      standing = undefined
    })
    await client.connect()
    return client
  })()
  return standing
}
