import { appendFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { connect } from '../../src/store/connect.ts'
import { checkDatabase } from '../../src/store/doctor.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrationsDirectory } from '../../src/store/missing.ts'
import { openStore } from '../../src/store/open.ts'
import { emptyDatabase, freshDatabase, urlOf, withClient } from '../support/database.ts'
import { approval, madeRequest, submission } from './made.ts'
import { opened, silent } from './opened.ts'

const open = (databaseUrl: string) => openStore({ databaseUrl, log: silent })

describe('a database that cannot be used is refused with the way to fix it', () => {
  test.each([
    ['unreachable', () => 'postgresql://nobody@127.0.0.1:1/none'],
    ['unreachable', () => 'not a url at all'],
    ['auth_failed', () => urlOf('postgres').replace(/:[^:@]+@/, ':wrong@')],
    ['database_missing', () => urlOf('no_such_database')],
  ])('%s', async (code, url) => {
    await expect(open(url())).rejects.toMatchObject({
      name: 'StoreFault',
      code,
      fix: expect.stringContaining('DATABASE_URL'),
    })
  })

  test('and the refusal does not hold the password', async () => {
    const refusal = await open(urlOf('postgres').replace(/:[^:@]+@/, ':hunter2@')).catch(
      (error: unknown) => error,
    )

    expect(refusal).toBeInstanceOf(Error)
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain('hunter2')
  })
})

describe('migrating', () => {
  test('an empty database gets every migration, recorded as Prisma does', async () => {
    const url = await emptyDatabase()
    const { pool } = await opened(url)

    const { rows } = await pool.query('SELECT * FROM _prisma_migrations ORDER BY migration_name')

    const { length } = (await readdir(migrationsDirectory)).filter((name) => /^\d/.test(name))
    expect(rows).toHaveLength(length)
    for (const row of rows)
      expect(row).toMatchObject({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
        migration_name: expect.stringMatching(/^\d{14}_\w+$/),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      })
  })

  test('four servers that start at once on an empty database migrate it once', async () => {
    const url = await emptyDatabase()

    const stores = await Promise.all([opened(url), opened(url), opened(url), opened(url)])

    expect(await stores[3]?.store.commit(submission())).toBe('applied')
  })

  test('a database that is up to date is left alone', async () => {
    const { pool } = await opened()

    expect(await migrate(pool, silent)).toEqual([])
  })

  test('a newer database is refused', async () => {
    const url = await freshDatabase()
    await withClient(url, (client) =>
      client.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '29990101000000_later', now())`,
      ),
    )

    await expect(open(url)).rejects.toMatchObject({
      code: 'newer_database',
      message: expect.stringContaining('29990101000000_later'),
    })
  })

  test('a database from before the baseline is refused, whatever else it has, with the way to an empty one', async () => {
    const url = await emptyDatabase()
    await withClient(url, (client) =>
      client.query(
        `CREATE TABLE _prisma_migrations (migration_name text, checksum text, started_at timestamptz, finished_at timestamptz, rolled_back_at timestamptz);
         INSERT INTO _prisma_migrations VALUES ('20261122060000_tables', 'x', now(), now(), null),
           ('20261122060100_append_only', 'x', now(), now(), null), ('20261130100000_active_policy', 'x', now(), now(), null)`,
      ),
    )
    const refusal = { code: 'before_baseline', message: expect.stringContaining('before its first release') }

    const named = { ...refusal, fix: expect.stringContaining('CREATE DATABASE') }
    await expect(open(url)).rejects.toMatchObject(named)
    await expect(checkDatabase(url, silent)).rejects.toMatchObject(named)
    const beginAnew = 'rm -r /somewhere/cluster'
    await expect(openStore({ databaseUrl: url, log: silent, beginAnew })).rejects.toMatchObject({
      ...refusal,
      fix: expect.stringMatching(/: rm -r \/somewhere\/cluster$/),
    })
  })

  test('a migration that another tool left unfinished is refused, and passes once it is resolved', async () => {
    const url = await freshDatabase()
    const last = 'migration_name = (SELECT max(migration_name) FROM _prisma_migrations)'
    await withClient(url, (client) =>
      client.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE ${last}`),
    )

    await expect(open(url)).rejects.toMatchObject({
      code: 'migration_failed',
      fix: expect.stringContaining('migrate resolve'),
    })

    await withClient(url, (client) =>
      client.query(`UPDATE _prisma_migrations SET finished_at = now() WHERE ${last}`),
    )
    await expect(opened(url)).resolves.toBeDefined()
  })

  test('a migration that was edited after it was applied is refused', async () => {
    const pool = await connect(await freshDatabase(), silent)
    onTestFinished(() => pool.end())
    const directory = await copyOfMigrations()
    await appendFile(join(directory, '20261130220000_baseline', 'migration.sql'), '-- edited\n')

    await expect(migrate(pool, silent, { directory: pathToFileURL(`${directory}/`) })).rejects.toMatchObject({
      code: 'migration_edited',
    })
  })

  test('a migration that fails leaves nothing behind, and can be tried again', async () => {
    const pool = await connect(await freshDatabase(), silent)
    onTestFinished(() => pool.end())
    const directory = await copyOfMigrations()
    const broken = join(directory, '29990101000000_broken')
    await mkdir(broken)
    await writeFile(join(broken, 'migration.sql'), 'CREATE TABLE half (id int); SELECT 1 / 0;')
    const run = () => migrate(pool, silent, { directory: pathToFileURL(`${directory}/`) })

    await expect(run()).rejects.toMatchObject({ code: 'migration_failed' })
    expect((await pool.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }])

    await writeFile(join(broken, 'migration.sql'), 'CREATE TABLE half (id int);')
    expect(await run()).toEqual(['29990101000000_broken'])
  })
})

async function copyOfMigrations(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-migrations-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await cp(migrationsDirectory, directory, { recursive: true })
  return directory
}

describe('the installation', () => {
  const claim = { kind: 'sandbox', secretFingerprint: 'f1', newId: () => 'wsp_1' } as const

  test('is made once and then kept', async () => {
    const first = await opened()
    const second = await opened(first.databaseUrl)

    const made = await first.installation(claim)

    expect(made).toMatchObject({ id: 'wsp_1', kind: 'sandbox' })
    expect(await second.installation({ ...claim, newId: () => 'wsp_2' })).toEqual(made)
  })

  test.each([
    ['sandbox', 'production', 'sandbox_database'],
    ['production', 'sandbox', 'production_database'],
  ] as const)('of a %s is refused to %s', async (before, after, code) => {
    const { installation } = await opened()
    await installation({ ...claim, kind: before })

    await expect(installation({ ...claim, kind: after })).rejects.toMatchObject({
      code,
      fix: expect.stringContaining('DATABASE_URL'),
    })
  })

  test('is refused to another secret', async () => {
    const { installation } = await opened()
    await installation(claim)

    await expect(installation({ ...claim, secretFingerprint: 'f2' })).rejects.toMatchObject({
      code: 'other_secret',
    })
  })
})

describe('a store whose connections are cut', () => {
  test('wakes every watcher when it listens again, on the other replica too', async () => {
    const first = await opened()
    const second = await opened(first.databaseUrl)
    const request = madeRequest()
    await first.store.commit(submission(request))
    const woken = new Promise<void>((resolve) =>
      onTestFinished(second.store.watch(request.id, () => resolve())),
    )

    await withClient(first.databaseUrl, (client) =>
      client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign listen'
        AND datname = current_database()`),
    )
    await woken

    const again = new Promise<void>((resolve) =>
      onTestFinished(second.store.watch(request.id, () => resolve())),
    )
    expect(await first.store.commit(approval(request))).toBe('applied')
    await again
  })

  test('is put off under a search_path that finds no table, and goes on when that is taken back', async () => {
    const { databaseUrl, store } = await opened()
    const name = new URL(databaseUrl).pathname.slice(1)
    const read = () =>
      store.replicas().then(
        () => 'read',
        (error: unknown) => (error instanceof StoreUnavailable ? error.reason : error),
      )
    await withClient(databaseUrl, async (admin) => {
      await admin.query(`ALTER DATABASE ${name} SET search_path = ''`)
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
      await expect.poll(read).toBe('refused')

      await admin.query(`ALTER DATABASE ${name} RESET search_path`)
    })

    await expect.poll(read).toBe('read') // sessions that were born before are not used again
  })

  test('goes on with new ones', async () => {
    const { store, databaseUrl } = await opened()
    await store.commit(submission())

    await withClient(databaseUrl, (client) =>
      client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      ),
    )

    await expect
      .poll(() =>
        store.activePolicy().then(
          () => 'answers',
          () => 'fails',
        ),
      )
      .toBe('answers')
    expect(await store.commit(submission())).toBe('applied')
  })
})

test('closing a store waits for its commits', async () => {
  const { store, close, databaseUrl } = await opened()
  const requests = Array.from({ length: 20 }, () => madeRequest())

  const outcomes = requests.map((request) => store.commit(submission(request)))
  await close()

  expect(await Promise.all(outcomes)).toEqual(Array(20).fill('applied'))
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query('SELECT count(*) FROM action_requests'),
  )
  expect(rows).toEqual([{ count: '20' }])
})

test("the clock is the database's", async () => {
  const { clock, pool } = await opened()

  const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now')

  expect(Math.abs(clock().getTime() - (rows[0]?.now.getTime() ?? 0))).toBeLessThan(200)
})
