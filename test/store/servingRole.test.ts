import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startWorker } from '../../src/jobs/worker.ts'
import { checkDatabase } from '../../src/store/doctor.ts'
import { openStore } from '../../src/store/open.ts'
import { emptyDatabase, freshDatabase, urlOf, withClient } from '../support/database.ts'
import { nobodyHears } from '../support/health.ts'
import { madeRequest, submission } from './made.ts'
import { opened, openedToServe, silent } from './opened.ts'
import { asAdmin, ordinary, roleAndDatabase, roleThatServes } from './role.ts'

const attempts: readonly [string, string][] = [
  ['an entry is changed', `UPDATE entries SET text = '{}'`],
  ['an entry is removed', 'DELETE FROM entries'],
  ['all entries are removed', 'TRUNCATE entries'],
  ['what was kept beside an entry is changed', `UPDATE entry_blobs SET text = 'x'`],
  ['what was kept beside an entry is erased', 'UPDATE entry_blobs SET text = NULL, salt = NULL'],
  ['what was kept beside an entry is removed', 'DELETE FROM entry_blobs'],
  ['the guard is taken off', 'ALTER TABLE entries DISABLE TRIGGER ALL'],
  ['the guards are stepped around', 'SET session_replication_role = replica'],
  [
    'the guard is replaced',
    'CREATE OR REPLACE FUNCTION countersign_refuse_change() RETURNS trigger LANGUAGE sql AS $$$$',
  ],
  ['the table is replaced', 'ALTER TABLE entries RENAME TO entries_2'],
  ['a table is put before it', 'CREATE TABLE entries_2 (id text)'],
  ['a delivery is forgotten', 'DELETE FROM deliveries'],
  ['an activation is changed', 'UPDATE policy_activations SET at = now()'],
  ['the set of functions is changed', 'DELETE FROM function_sets'],
  ['a request is removed', 'DELETE FROM action_requests'],
]

/** With something recorded. */
async function written() {
  const open = await openedToServe()
  const request = madeRequest()
  expect(await open.store.commit(submission(request))).toBe('applied')
  return { ...open, recorded: (store = open.store) => store.entries(request.id) }
}

const codeOf = (url: string, statement: string) =>
  withClient(url, (client) => client.query(statement)).then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

describe('whoever has the connection of a server that has a role of its own can only add to what is recorded', () => {
  test.each(attempts)('refused: %s', async (_, statement) => {
    const { databaseUrl, recorded } = await written()
    const before = await recorded()
    expect(before).toHaveLength(1)

    expect(await codeOf(databaseUrl, statement)).toBe('42501')

    expect(await recorded()).toEqual(before)
  })

  test('control: the role that owns the tables can do all of it', async () => {
    const { migrateUrl } = await written()

    expect(await codeOf(migrateUrl, 'ALTER TABLE entries DISABLE TRIGGER ALL')).toBe('done')
    expect(await codeOf(migrateUrl, 'DELETE FROM entries')).toBe('done')
  })

  test('rights that were granted by hand are taken away by the next start', async () => {
    const { databaseUrl, migrateUrl, role } = await roleThatServes()
    await withClient(migrateUrl, (client) => client.query(`GRANT ALL ON entries TO ${role}`))
    expect(await codeOf(databaseUrl, 'DELETE FROM entries')).toBe('done')

    await (await openStore({ databaseUrl, migrateUrl, log: silent })).close()

    expect(await codeOf(databaseUrl, 'DELETE FROM entries')).toBe('42501')
  })
})

describe('it can do its work', () => {
  test('jobs run, and are gone when they are done', async () => {
    const { pool } = await openedToServe()
    let ran = 0
    const note = async () => {
      ran += 1
    }
    const worker = await startWorker({
      pool,
      tasks: { note },
      log: pino({ level: 'silent' }),
      health: nobodyHears.health,
    })
    onTestFinished(() => worker.stop())

    await pool.query(`SELECT graphile_worker.add_job('note', '{}', job_key := 'one')`)

    const waiting = async () => (await pool.query('SELECT FROM graphile_worker._private_jobs')).rowCount
    await expect.poll(async () => [ran, await waiting()]).toEqual([1, 0])
  })

  test('a start without the role that migrates needs nothing but what was granted', async () => {
    const { databaseUrl, recorded } = await written()
    const again = await opened(databaseUrl)

    expect(await recorded(again.store)).toEqual(await recorded())
    expect(await checkDatabase(databaseUrl, silent)).toMatchObject({ lacks: [], mayRewrite: false })
  })
})

describe('two addresses that do not belong together are refused', () => {
  const refusal = (urls: { readonly databaseUrl: string; readonly migrateUrl: string }) =>
    openStore({ ...urls, log: silent }).then(
      async (open) => {
        await open.close()
        return { code: 'it opened' }
      },
      (error: unknown) => error,
    )

  test('another database', async () => {
    const { databaseUrl } = await roleThatServes()
    expect(await refusal({ databaseUrl, migrateUrl: await freshDatabase() })).toMatchObject({
      code: 'two_databases',
    })
  })

  test('another schema', async () => {
    const { role, databaseUrl, migrateUrl } = await roleThatServes()
    await withClient(migrateUrl, (client) => client.query('CREATE SCHEMA elsewhere'))
    await withClient(migrateUrl, (client) => client.query(`GRANT USAGE ON SCHEMA elsewhere TO ${role}`))
    await asAdmin(`ALTER ROLE ${role} SET search_path = elsewhere`)

    expect(await refusal({ databaseUrl, migrateUrl })).toMatchObject({
      code: 'two_databases',
      fix: expect.stringContaining('search_path'),
    })
  })

  test('a role that owns the tables, or is a superuser, is kept from nothing', async () => {
    const { url } = await roleAndDatabase(ordinary)
    expect(await refusal({ databaseUrl: url, migrateUrl: url })).toMatchObject({ code: 'one_role' })
    const fresh = await freshDatabase()
    expect(await refusal({ databaseUrl: fresh, migrateUrl: fresh })).toMatchObject({ code: 'one_role' })
  })
})

describe('a role that only serves, where something is missing', () => {
  test('an empty database: the sentence says what to run', async () => {
    const { databaseUrl } = await roleThatServes()
    const url = new URL(databaseUrl)
    url.pathname = new URL(await emptyDatabase()).pathname

    await expect(openStore({ databaseUrl: url.href, log: silent })).rejects.toMatchObject({
      code: 'no_rights',
    })
  })

  test('a newer version: likewise, and nothing is changed', async () => {
    const { databaseUrl, migrateUrl } = await openedToServe()
    await withClient(migrateUrl, (client) =>
      client.query('ALTER TABLE function_sets DISABLE TRIGGER ALL; UPDATE function_sets SET version = 1'),
    )

    await expect(openStore({ databaseUrl, log: silent })).rejects.toMatchObject({
      code: 'no_rights',
      fix: expect.stringContaining('countersign migrate'),
    })
  })
})

test('the SQL that docs/operations.md gives for two roles is all that it takes', async () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const [, sql = ''] = /### Two roles[\s\S]*?```sql\n([\s\S]*?)```/.exec(page) ?? []
  const name = `t${randomBytes(6).toString('hex')}`
  const statements = sql
    .replaceAll('countersign', name)
    .split(';\n')
    .filter((one) => one.trim())
  expect(statements).toHaveLength(3)
  onTestFinished(() =>
    asAdmin(
      `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
      `DROP ROLE ${name}_server`,
      `DROP ROLE ${name}_owner`,
    ),
  )
  await asAdmin(...statements)
  const as = (role: string, password: string) => {
    const url = new URL(urlOf(name))
    url.username = `${name}_${role}`
    url.password = password
    return url.href
  }

  const open = await openStore({
    databaseUrl: as('server', 'choose another'),
    migrateUrl: as('owner', 'choose one'),
    log: silent,
  })
  onTestFinished(() => open.close())

  expect(await open.store.commit(submission(madeRequest()))).toBe('applied')
  expect(await checkDatabase(as('server', 'choose another'), silent)).toMatchObject({ mayRewrite: false })
})

test('doctor knows whether the role could change what is recorded', async () => {
  const { migrateUrl } = await openedToServe()

  expect(await checkDatabase(migrateUrl, silent)).toMatchObject({ lacks: [], mayRewrite: true })
})
