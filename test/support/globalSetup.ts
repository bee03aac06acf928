import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/store/embedded.ts'
import type { Log } from '../../src/store/log.ts'
import { openStore } from '../../src/store/open.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the test server, without a database. */
    readonly databaseServer: string
  }
}

/** One PostgreSQL for all tests, with a migrated database that `freshDatabase` clones. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = pino({ level: 'silent' })
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-test-'))
  await chmod(dataDir, 0o711) // PostgreSQL's own user has to pass, when the tests run as root
  const database = await startEmbedded({ dataDir, log })
  const end = async () => {
    await database.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    await makeTemplate(database.migrateUrl, log)
  } catch (error) {
    await end()
    throw error
  }
  project.provide('databaseServer', database.migrateUrl)
  return end
}

async function makeTemplate(url: string, log: Log): Promise<void> {
  const template = await openStore({ databaseUrl: url, log })
  await template.close()
  const admin = new Client({ connectionString: url.replace('/countersign?', '/postgres?') })
  await admin.connect()
  // Nothing here has to outlive the machine, and cloning databases is mostly waiting for the disk.
  for (const setting of ['fsync', 'full_page_writes', 'autovacuum'])
    await admin.query(`ALTER SYSTEM SET ${setting} = off`)
  await admin.query("ALTER SYSTEM SET max_wal_size = '4GB'")
  await admin.query('SELECT pg_reload_conf()')
  await admin.query('ALTER DATABASE countersign IS_TEMPLATE true ALLOW_CONNECTIONS false')
  await admin.end()
}
