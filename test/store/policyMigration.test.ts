import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { batchOf, prepare } from '../../src/store/batch.ts'
import { migrate, migrationsDirectory } from '../../src/store/migrate.ts'
import { emptyDatabase } from '../support/database.ts'
import { madeRequest, submission } from './made.ts'
import { opened, silent } from './opened.ts'

const renaming = '20261122090000_policy_files'
const replicas = '20261130100000_active_policy'

/** A database as the version before a migration left it, and a pool on it. */
async function before(migration: string): Promise<{ readonly databaseUrl: string; readonly pool: Pool }> {
  const databaseUrl = await emptyDatabase()
  const older = await mkdtemp(join(tmpdir(), 'migrations-'))
  onTestFinished(() => rm(older, { recursive: true }))
  await cp(migrationsDirectory, older, { recursive: true })
  for (const name of await readdir(older))
    if (name >= migration && /^\d/.test(name)) await rm(join(older, name), { recursive: true })
  const pool = new Pool({ connectionString: databaseUrl })
  await migrate(pool, silent, { directory: pathToFileURL(`${older}/`) })
  return { databaseUrl, pool }
}

test('policies from before versions were named by their files are still active, and still found', async () => {
  const { databaseUrl, pool } = await before(renaming)
  await pool.query(`
    INSERT INTO policy_versions (digest, name, files) VALUES ('sha256:1', 'one', '{"a":"b"}'), ('sha256:2', 'two', '{}');
    INSERT INTO policy_activations (id, digest, at) VALUES ('act_1', 'sha256:2', now()), ('act_2', 'sha256:1', now());
  `)
  await pool.end()

  const { store } = await opened(databaseUrl)

  const first = { digest: 'sha256:1', filesDigest: 'sha256:1', name: 'one', files: { a: 'b' } } as const
  expect(await store.activePolicy()).toEqual(first)
  expect(await store.policyVersion('sha256:2')).toMatchObject({ name: 'two' })
  const next = { ...first, filesDigest: 'sha256:f1', files: { a: 'c' } } as const
  const change = {
    version: next,
    activation: 'act_3',
    expected: 'sha256:1',
    at: '2026-11-24T14:00:00Z',
  } as const
  expect(await store.commit({ policy: change, entries: [] })).toBe('applied')
  expect(await store.activePolicy()).toEqual(next)
})

test('a database of the version before is served: its requests stand, and what is judged from now on is compared', async () => {
  const { databaseUrl, pool } = await before(replicas)
  const request = madeRequest()
  const prepared = prepare(submission(request))
  const older = { ...prepared, rows: { ...prepared.rows, changes: [{ delivery: null }] } }
  await pool.query('SELECT countersign_commit($1::jsonb)', [JSON.stringify(batchOf([older]))])
  await pool.query(`
    INSERT INTO policy_versions (files_digest, digest, name, files) VALUES ('sha256:f1', 'sha256:1', 'one', '{"a":"b"}');
    INSERT INTO policy_activations (id, files_digest, at) VALUES ('act_1', 'sha256:f1', now());
  `)
  await pool.end()

  const { store } = await opened(databaseUrl)

  expect(await store.request(request.id)).toEqual(request)
  expect(await store.activeFiles()).toBe('sha256:f1')
  expect(await store.commit(submission(madeRequest(), { judgedBy: null }))).toBe('outdated')
  expect(await store.commit(submission(madeRequest(), { judgedBy: 'sha256:1' }))).toBe('applied')
  expect(await store.replicas()).toEqual([])
})

test('the way out of a locked policy that docs/policy-tools.md gives is followed', async () => {
  const page = await readFile('docs/policy-tools.md', 'utf8')
  const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(page) ?? []
  const { store, pool } = await opened()
  const version = (digit: string) =>
    ({ digest: `sha256:${digit}`, filesDigest: `sha256:f${digit}`, name: digit, files: {} }) as const
  const at = '2026-11-24T14:00:00Z'
  const activate = (digit: string, expected: `sha256:${string}` | null) =>
    store.commit({
      policy: { version: version(digit), activation: `act_${digit}`, expected, at },
      entries: [],
    })
  await activate('1', null)
  await activate('2', 'sha256:f1')

  await pool.query(sql.replace('sha256:…', 'sha256:f1'))

  expect(await store.activePolicy()).toEqual(version('1'))
  expect(await store.policyEntries(10)).toEqual([])
})
