import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { startEmbedded } from '../../../src/store/embedded.ts'
import type { Log } from '../../../src/store/log.ts'

/** A database of the soak's own, and what can be done to it. */
export interface Database {
  /** For the servers: of the role that serves, and of the one that owns the tables. */
  readonly url: string
  readonly migrateUrl: string
  /** Rows of one statement, read past the servers. */
  rows<T extends object>(sql: string, values?: readonly unknown[]): Promise<readonly T[]>
  /** Ends it, fast (clients are told) or immediately (nothing is told or written), and waits until it answers again. */
  restart(mode: 'fast' | 'immediate'): Promise<void>
  /** New sessions are read-only and the old ones are ended: as after a failover to a standby. */
  forbidWriting(): Promise<void>
  /** New sessions can write. Those that are open stay as they are: whoever holds them has to notice. */
  allowWriting(): Promise<void>
  stop(): Promise<void>
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** Starts PostgreSQL in the directory. When it ends, it is started again at once; so restarting it is ending it. */
export async function startDatabase(dataDir: string): Promise<Database> {
  const embedded = await startEmbedded({ dataDir, log: quiet })
  const name = new URL(embedded.url).pathname.slice(1)
  const admin = new URL(embedded.migrateUrl)
  admin.pathname = '/postgres'
  const run = (sql: string) =>
    withClient(admin.href, async (client) => (await client.query<{ at: string }>(sql)).rows)
  const [where] = await withClient(embedded.migrateUrl, async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory')
    return rows
  })
  const pidFile = join(where?.data_directory ?? '', 'postmaster.pid')
  return {
    url: embedded.url,
    migrateUrl: embedded.migrateUrl,
    rows: (sql, values = []) =>
      withClient(embedded.migrateUrl, async (client) => (await client.query(sql, [...values])).rows),
    async restart(mode) {
      process.kill(await pidIn(pidFile), mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
      await delay(100)
      await patiently(() => run('SELECT 1'))
    },
    async forbidWriting() {
      await patiently(() => run(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`))
      const [changed] = await run('SELECT clock_timestamp()::text AS at')
      // Whoever was connecting at that moment has read the old setting and appears only later, able to write.
      for (let unseen = 0; unseen < 3; await delay(100)) {
        const ended = await run(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = '${name}' AND backend_start <= '${changed?.at}'`,
        )
        unseen = ended.length === 0 ? unseen + 1 : 0
      }
    },
    allowWriting: () => patiently(() => run(`ALTER DATABASE "${name}" RESET default_transaction_read_only`)),
    stop: () => embedded.stop(),
  }
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'soak',
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => {}) // the statement that was running says so
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

async function pidIn(file: string): Promise<number> {
  const [first = ''] = (await readFile(file, 'utf8')).split('\n')
  const pid = Number(first)
  if (!Number.isSafeInteger(pid) || pid <= 1) throw new Error(`${file} names no process`)
  return pid
}

/** Until it works: for what is done to a database that may just be starting. */
export async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (tries >= 240) throw error
      await delay(250)
    }
  }
}
