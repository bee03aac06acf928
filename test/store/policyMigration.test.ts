import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrate, migrationsDirectory } from '../../src/store/migrate.ts'
import { emptyDatabase } from '../support/database.ts'
import { opened, silent } from './opened.ts'

const renaming = '20261122090000_policy_files'

test('policies from before versions were named by their files are still active, and still found', async () => {
  const databaseUrl = await emptyDatabase()
  const older = await mkdtemp(join(tmpdir(), 'migrations-'))
  onTestFinished(() => rm(older, { recursive: true }))
  await cp(migrationsDirectory, older, { recursive: true })
  await rm(join(older, renaming), { recursive: true })
  const pool = new Pool({ connectionString: databaseUrl })
  await migrate(pool, silent, { directory: pathToFileURL(`${older}/`) })
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
  expect(await store.commit({ policy: change, lines: [] })).toBe('applied')
  expect(await store.activePolicy()).toEqual(next)
})

test('the way out of a locked policy that docs/policy-tools.md gives is followed', async () => {
  const page = await readFile('docs/policy-tools.md', 'utf8')
  const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(page) ?? []
  const { store, pool } = await opened()
  const version = (digit: string) =>
    ({ digest: `sha256:${digit}`, filesDigest: `sha256:f${digit}`, name: digit, files: {} }) as const
  const at = '2026-11-24T14:00:00Z'
  const activate = (digit: string, expected: `sha256:${string}` | null) =>
    store.commit({ policy: { version: version(digit), activation: `act_${digit}`, expected, at }, lines: [] })
  await activate('1', null)
  await activate('2', 'sha256:f1')

  await pool.query(sql.replace('sha256:…', 'sha256:f1'))

  expect(await store.activePolicy()).toEqual(version('1'))
  expect(await store.policyEntries(10)).toEqual([])
})
