import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Pool } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type FunctionSet, functionsVersion, readFunctions } from '../../src/store/functions.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrationsDirectory } from '../../src/store/missing.ts'
import { emptyDatabase, withClient } from '../support/database.ts'
import { dumpOf } from './dump.ts'
import { fill, readAll, waiting } from './filled.ts'
import { approval, at, madeRequest, submission } from './made.ts'
import { opened, silent } from './opened.ts'
import { expectWholeTree, indexes, sealed } from './sealingWorld.ts'

/**
 * Filled databases, one for each migration: `<migration>.sql` has the rows that the code of that time wrote, and
 * `<migration>.json` what it read of them. Neither is ever changed.
 */
const here = new URL('./filled/', import.meta.url)
const fileOf = (migration: string, type: 'sql' | 'json') => new URL(`${migration}.${type}`, here)

const migrations = readdirSync(migrationsDirectory)
  .filter((name) => /^\d/.test(name))
  .sort()

test.each(migrations)('%s has a filled database, which later migrations are tried on', async (migration) => {
  const files = (['sql', 'json'] as const).map((type) => fileOf(migration, type))
  const missing = files.filter((file) => !existsSync(file))
  if (missing.length > 0 && migration === migrations.at(-1)) await write(migration)

  expect(missing, `missing until now; commit what was written to ${fileURLToPath(here)}`).toEqual([])
})

async function write(migration: string): Promise<void> {
  const open = await opened()
  await fill(open)
  // Ids that tests make up would be made up again.
  const put = (type: 'sql' | 'json', text: string) =>
    writeFileSync(fileOf(migration, type), text.replaceAll(/_0{6}(?=\d{6})/g, '_filled'))
  put('json', `${JSON.stringify(await readAll(open), null, 2)}\n`)
  put('sql', await dumpOf(open.pool))
}

/**
 * The set before ours, as far as a test can make it: ours, with another word for success and without one guard. Triggers
 * on tables that come later are not yet there.
 */
async function olderFunctions(migration: string): Promise<FunctionSet> {
  const set = await readFunctions({ version: functionsVersion - 1 })
  const made = migrations
    .filter((one) => one <= migration)
    .map((one) => readFileSync(new URL(`${one}/migration.sql`, migrationsDirectory), 'utf8'))
    .join()
  const onKnownTables = (sql: string) =>
    sql
      .split(/(?<=;)\n/)
      .filter((statement) => made.includes(`CREATE TABLE ${/ ON (\w+)/.exec(statement)?.[1]} (`))
      .join('\n')
  const older = (sql: string) =>
    sql
      .replace("ELSE 'applied'", "ELSE 'older'")
      .replace(/RAISE EXCEPTION '% is append-only.*;/, 'RETURN OLD;')
  const files = set.files.map(({ name, sql }) => ({
    name,
    sql: name === 'triggers.sql' ? onKnownTables(sql) : older(sql),
  }))
  return { ...set, files, checksum: 'older' }
}

/** A database as the version of a migration left it, filled. */
async function filledUpTo(migration: string): Promise<string> {
  const url = await emptyDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'countersign-migrations-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  for (const name of migrations.filter((one) => one <= migration)) {
    await mkdir(join(directory, name))
    await cp(new URL(`${name}/`, migrationsDirectory), join(directory, name), { recursive: true })
  }
  const pool = new Pool({ connectionString: url })
  await migrate(pool, silent, {
    directory: pathToFileURL(`${directory}/`),
    functions: await olderFunctions(migration),
  })
  await pool.end()
  await withClient(url, async (client) => {
    await client.query('SET session_replication_role = replica') // the rows were guarded when they were written
    await client.query(readFileSync(fileOf(migration, 'sql'), 'utf8'))
  })
  return url
}

describe.each(migrations)('a filled database of %s', (migration) => {
  test('is read as by the version that filled it', async () => {
    const open = await opened(await filledUpTo(migration))

    expect(await readAll(open)).toMatchObject(JSON.parse(readFileSync(fileOf(migration, 'json'), 'utf8')))
  })

  test('knows of each person what they are behind', async () => {
    const { store } = await opened(await filledUpTo(migration))
    const requests = await store.requests({ limit: 50 })
    const people = new Set(requests.flatMap(({ behind }) => behind.map(({ person }) => person)))

    for (const person of people)
      expect(await store.requestsBehind([person], { limit: 50 })).toEqual(
        requests.filter(({ behind }) => behind.some((one) => one.person === person)),
      )
    expect(people.size).toBeGreaterThan(1)
  })

  test('goes on: what waits is decided, what is asked is judged by the active policy, which is replaced', async () => {
    const { store } = await opened(await filledUpTo(migration))
    const request = await store.request(waiting)
    if (!request) throw new Error('every filled database has one that waits')

    expect(await store.commit(approval(request))).toBe('applied')
    expect(await store.commit(submission(madeRequest(), { judgedBy: null }))).toBe('outdated')
    expect(await store.commit(submission(madeRequest(), { judgedBy: 'sha256:1' }))).toBe('applied')
    const active = await store.activePolicy()
    if (!active) throw new Error('every filled database has an active policy')
    expect(active).toMatchObject({ digest: 'sha256:1', filesDigest: 'sha256:1' })
    // The same policy with other tests beside it is another version, also when the one before has no name but its digest.
    const version = { ...active, filesDigest: 'sha256:f1', files: { a: 'c' } } as const
    const policy = {
      version,
      activation: 'act_next',
      expected: 'sha256:1',
      at: '2026-11-24T14:00:00Z',
    } as const
    expect(await store.commit({ policy, entries: [] })).toBe('applied')
    expect(await store.activePolicy()).toEqual(version)
    expect(await store.activeFiles()).toBe('sha256:f1')
  })

  test('knows of what was redeemed before on which resource it began', async () => {
    const url = await filledUpTo(migration)
    if (migration < '20261201150000_grants') return
    const redeemed = JSON.stringify({ id: 'grt_ran', redeemed: { attempt: 'one', at } })
    const told = JSON.stringify([{ state: 'started', note: 'nul \u0000', at: '2026-11-24T13:00:00.000Z' }])
    await withClient(url, async (client) => {
      await client.query('SET session_replication_role = replica')
      const update =
        "UPDATE action_requests SET granted = $1, executions = $2, effect = 'write' WHERE id = $3"
      await client.query(update, [redeemed, told, waiting])
      await client.query(update, ['null', told, 'req_settled'])
    })

    const { store, pool } = await opened(url)

    const resource = { type: 'table', id: 'warehouse.users' }
    const begun = await store.begunSince({ first: 'req_none', resource })
    // What had begun when its row was made stands there from then.
    const isSeeded = migration < '20261201200000_rollbacks_and_ledger'
    expect([waiting, 'req_settled'].map((id) => begun.includes(id))).toEqual([isSeeded, isSeeded])
    const { rows } = await pool.query<{ kind: string }>(
      'SELECT kind FROM begun_executions WHERE request_id = $1 ORDER BY position',
      [waiting],
    )
    expect(rows.map(({ kind }) => kind)).toEqual(isSeeded ? ['report', 'redemption'] : [])
  })

  test('gives every entry that is there already its index, in the order of commits', async () => {
    const open = await opened(await filledUpTo(migration))

    const signer = await sealed(open)

    const { rows } = await open.pool.query<{ id: string }>('SELECT id FROM entries ORDER BY position')
    expect((await indexes(open.pool)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    expect(await expectWholeTree(open.pool, signer)).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(5)
  })

  test('gets the functions and triggers of this version, once', async () => {
    const url = await filledUpTo(migration)
    const deleted = (client: { query(sql: string): Promise<unknown> }) =>
      client.query('BEGIN; DELETE FROM entries; ROLLBACK')
    await withClient(url, deleted) // control: in the older set this guard lets pass
    const triggers = `SELECT tgname FROM pg_trigger WHERE tgrelid = 'entries'::regclass ORDER BY 1`
    const before = await withClient(url, (client) => client.query(triggers))
    expect(before.rowCount).toBeGreaterThan(1)

    const { pool } = await opened(url)

    await expect(withClient(url, deleted)).rejects.toThrow(/append-only/)
    const { rows } = await pool.query('SELECT version FROM function_sets ORDER BY version')
    expect(rows).toEqual([{ version: functionsVersion - 1 }, { version: functionsVersion }])
    expect((await pool.query(triggers)).rows).toEqual(before.rows) // replaced, not added
  })
})
