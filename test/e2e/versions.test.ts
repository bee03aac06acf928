import { once } from 'node:events'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { Client } from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { functionsVersion } from '../../src/store/functions.ts'
import { startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

/** A data directory, processes on it, and a way to do to its database what other versions would. */
function place() {
  const data = temporaryDataDir()
  mkdirSync(data.path)
  chmodSync(data.path, 0o711)
  onTestFinished(() => data.remove())
  return {
    path: data.path,
    start() {
      const server = startServerProcess({
        PORT: '0',
        HOST: '127.0.0.1',
        DATA_DIR: data.path,
        LOG_LEVEL: 'warn',
      })
      onTestFinished(async () => void (await server.stop('SIGKILL')))
      return server
    },
    async inDatabase(sql: string): Promise<void> {
      const database = await startEmbedded({
        dataDir: data.path,
        log: pino({ level: 'silent' }),
        beside: true,
      })
      const client = new Client({ connectionString: database.migrateUrl })
      await client.connect()
      await client.query(sql)
      await client.end()
      await database.stop()
    },
  }
}

const ended = async ({ child }: ReturnType<typeof startServerProcess>): Promise<unknown> =>
  child.exitCode ?? (await once(child, 'close'))[0]

test('a server beside which a newer version takes over says so and ends, and cannot be started again', async () => {
  const at = place()
  const server = at.start()
  await server.url

  await at.inDatabase(`INSERT INTO function_sets VALUES (${functionsVersion + 1}, 'newer')`)

  expect(await ended(server)).toBe(1)
  expect(server.printed()).toContain('A newer Countersign has taken over the database.')
  expect(server.printed()).toContain('Start the version that the other servers run')
  expect(server.printed()).toContain('Everything that was acknowledged is kept.')

  const again = at.start()
  expect(await ended(again)).toBe(1)
  expect(again.printed()).toContain(
    `has the SQL functions of a newer Countersign (set ${functionsVersion + 1})`,
  )
})

test('a data directory from before the first release is refused with the command that empties it, which works', async () => {
  const at = place()
  await at.inDatabase(`CREATE TABLE _prisma_migrations (migration_name text, checksum text, started_at timestamptz,
      finished_at timestamptz, rolled_back_at timestamptz);
    INSERT INTO _prisma_migrations VALUES ('20261122060000_tables', 'x', now(), now(), null)`)

  const refused = at.start()
  expect(await ended(refused)).toBe(1)
  expect(refused.printed()).toContain('made by a Countersign from before its first release')
  const [, directory] = /start over: rm -r (\S+)/.exec(refused.printed()) ?? []
  expect(directory).toBe(`${at.path}/postgres/cluster`)

  rmSync(directory ?? '', { recursive: true })
  const server = at.start()
  await server.url
  expect(await server.stop('SIGINT')).toBe(0)
})
