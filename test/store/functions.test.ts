import { readdirSync, readFileSync } from 'node:fs'
import type { Pool } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/store/connect.ts'
import { checkDatabase } from '../../src/store/doctor.ts'
import { type FunctionSet, functionsVersion, readFunctions } from '../../src/store/functions.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openStore } from '../../src/store/open.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { opened, silent } from './opened.ts'
import { recorded, sealed, tampered } from './sealingWorld.ts'

/** What was ever released under each number. A line is added, never changed. */
const released: Readonly<Record<number, string>> = {
  1: 'c324eedc7a5bd329c8123ebe5a33ba68f1e8a834bf4f7d245d874a5ce88b7f60',
  2: '223eda2dba014806ddfe6790fb3a228fa9e511eb9adc097746dae13026e2cdc3',
  3: '6ecbe9fd3096feea95355fa817a49c386b863542d7a33d8acf9ac966d14e0ab4',
  4: 'cecb0baa5bde00a8f17d394412d589621a276c67cd3c4a786e59cf049078c7ec',
  5: '5804b9c806ab3c6243119768a344ca7300178706203c208db448233bf1dfc14d',
  6: 'fb3a0c8a908cb20523bea26689dbba34fa187fbae6b740fd10fa8b8e8dd73c8b',
  7: 'e59a10d72b2e608bf7b3e8f5f9f472957b577b74dfeb239e4b7b2563d30e40a4',
  8: '49158b05e8dce747e7d409658af787522cd6e1e479ea02b06839853ba6b15231',
  9: 'b0ed4724997e40bf59374f90a3df9749a8214481a63ff838937194c2310a3acd',
  10: 'ce3cd1855190ea0ec5c66c1bebf9cc2c94b86625bb3c3ae99827026139b9b777',
}

const open = (databaseUrl: string) => openStore({ databaseUrl, log: silent })

/** A set of this version's functions under another number. */
const numbered = async (version: number, given: Partial<FunctionSet> = {}): Promise<FunctionSet> => ({
  ...(await readFunctions({ version })),
  checksum: `of ${version}`,
  ...given,
})

async function poolOn(databaseUrl: string): Promise<Pool> {
  const pool = await connect(databaseUrl, silent)
  onTestFinished(() => pool.end())
  return pool
}

const sets = async (pool: Pool) =>
  (await pool.query<{ version: number }>('SELECT version FROM function_sets ORDER BY version')).rows.map(
    ({ version }) => version,
  )

describe('the files in prisma/functions', () => {
  test('are those that were released under their number', async () => {
    const { checksum } = await readFunctions()

    const known = released[functionsVersion]
    const what = known
      ? `prisma/functions was changed after set ${functionsVersion} was recorded: raise functionsVersion in src/store/functions.ts, and add here`
      : 'functionsVersion was raised: add here'
    const line = `${known ? functionsVersion + 1 : functionsVersion}: '${checksum}'`
    expect(known, `${what} ${line}`).toBe(checksum)
  })

  test('each replace one function, named like the file; triggers come last; nothing is dropped', async () => {
    const { files } = await readFunctions()

    expect(files.map(({ name }) => name)).toContain('countersign_commit.sql')
    expect(files.at(-1)?.name).toBe('triggers.sql')
    for (const { name, sql } of files) {
      const made = [...sql.matchAll(/^CREATE (.*?)\b(\w+)(?=\(| BEFORE)/gm)].map((one) => one.slice(1))
      if (name === 'triggers.sql') for (const [kind] of made) expect(kind).toBe('OR REPLACE TRIGGER ')
      else expect(made).toEqual([['OR REPLACE FUNCTION ', name.replace('.sql', '')]])
      expect(sql, name).not.toMatch(/^\s*(DROP|ALTER)\b/im)
    }
  })

  test('are all the functions and triggers that there are, and nothing but they', async () => {
    const { pool } = await opened()
    const { files } = await readFunctions()

    const { rows } = await pool.query<{ name: string }>(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace UNION ALL
       SELECT tgname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid
       WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal ORDER BY 1`,
    )

    const made = files.flatMap(({ sql }) =>
      [...sql.matchAll(/^CREATE OR REPLACE (?:FUNCTION|TRIGGER) (\w+)/gm)].map(([, name]) => name),
    )
    expect(rows.map(({ name }) => name)).toEqual(made.sort())
  })

  /** Processes of the version before call these while they are replaced. */
  const signatures = [
    'countersign_allow_erasure_only() -> trigger',
    'countersign_allow_resealing_only() -> trigger',
    'countersign_commit(batch jsonb) -> TABLE(n integer, outcome text)',
    'countersign_erase(erasure text, requests jsonb, blobs jsonb) -> void',
    'countersign_erasure_reaches(erasure text, request text, naming text, last_at timestamp with time zone) -> boolean',
    'countersign_forget_deliveries(before timestamp with time zone, at_most integer) -> bigint',
    'countersign_forget_jobs(erasure text, requests jsonb) -> void',
    'countersign_guard_emergency() -> trigger',
    'countersign_guard_erasure() -> trigger',
    'countersign_guard_ledger_head() -> trigger',
    'countersign_guard_request() -> trigger',
    'countersign_guard_version() -> trigger',
    'countersign_is_erasing() -> boolean',
    'countersign_may_be_erased(request text) -> boolean',
    'countersign_only_empties(before json, after json, emptied jsonb) -> boolean',
    'countersign_queue_entries() -> trigger',
    'countersign_readable(stored json) -> json',
    'countersign_refuse_behind() -> void',
    'countersign_refuse_change() -> trigger',
    'countersign_refuse_older(functions integer) -> void',
    'countersign_seal(functions integer, expected integer, tree_root bytea, note text, positions bigint[], hashes bytea[], node_levels integer[], node_indexes bigint[], node_hashes bytea[]) -> void',
  ]
  test('take and return what they always did', async () => {
    const { pool } = await opened()

    const { rows } = await pool.query<{ signature: string }>(
      `SELECT format('%s(%s) -> %s', proname, pg_get_function_identity_arguments(oid), pg_get_function_result(oid)) AS signature
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
    )

    expect(
      rows.map(({ signature }) => signature),
      'another signature gets another name; the function with the old one stays for one release',
    ).toEqual(signatures)
  })
})

describe('a set of functions', () => {
  test('is applied over an older one, once, by whichever server starts first', async () => {
    const url = await freshDatabase()
    const pool = await poolOn(url)
    const newer = await numbered(functionsVersion + 1)

    const started = [1, 2, 3].map(() => migrate(pool, silent, { functions: newer }))

    expect(await Promise.all(started)).toEqual([[], [], []])
    expect(await sets(pool)).toEqual([functionsVersion, functionsVersion + 1])
  })

  test('is never applied over a newer one: a server and doctor say what to do, and change nothing', async () => {
    const url = await freshDatabase()
    const pool = await poolOn(url)
    await migrate(pool, silent, { functions: await numbered(functionsVersion + 1) })

    const refusal = {
      code: 'newer_functions',
      message: expect.stringContaining(
        `(set ${functionsVersion + 1}); this version has set ${functionsVersion}`,
      ),
      fix: expect.stringContaining('Start the version that the other servers run'),
    }
    await expect(open(url)).rejects.toMatchObject(refusal)
    await expect(checkDatabase(url, silent)).rejects.toMatchObject(refusal)
    expect(await sets(pool)).toEqual([functionsVersion, functionsVersion + 1])
  })

  test('whose files were changed under the same number is refused', async () => {
    const pool = await poolOn(await freshDatabase())
    const edited = await numbered(functionsVersion, { checksum: 'edited' })

    await expect(migrate(pool, silent, { functions: edited })).rejects.toMatchObject({
      code: 'functions_edited',
      fix: expect.stringMatching(/git checkout prisma\/functions.*raise functionsVersion/),
    })
    expect(await sets(pool)).toEqual([functionsVersion])
  })

  test('that fails leaves nothing behind, and can be tried again', async () => {
    const pool = await poolOn(await freshDatabase())
    const half = { name: 'a.sql', sql: 'CREATE FUNCTION half() RETURNS int LANGUAGE sql RETURN 1' }
    const files = [half, { name: 'b.sql', sql: 'SELECT 1 / 0' }]
    const run = (files: FunctionSet['files']) =>
      numbered(functionsVersion + 1, { files }).then((functions) => migrate(pool, silent, { functions }))

    await expect(run(files)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining(`Set ${functionsVersion + 1} of the SQL functions`),
    })
    expect((await pool.query(`SELECT to_regproc('half') AS half`)).rows).toEqual([{ half: null }])
    expect(await sets(pool)).toEqual([functionsVersion])

    await run([half])
    expect(await sets(pool)).toEqual([functionsVersion, functionsVersion + 1])
  })

  test('takes no function away that an older one had', async () => {
    const pool = await poolOn(await freshDatabase())
    const old = {
      name: 'old.sql',
      sql: 'CREATE OR REPLACE FUNCTION old_name() RETURNS int LANGUAGE sql RETURN 1',
    }

    await migrate(pool, silent, { functions: await numbered(functionsVersion + 1, { files: [old] }) })
    await migrate(pool, silent, { functions: await numbered(functionsVersion + 2) })

    expect((await pool.query('SELECT old_name() AS answer')).rows).toEqual([{ answer: 1 }])
  })

  test('finds what was recorded before its triggers were there, and lets it wait for its place; nothing twice', async () => {
    const open = await opened()
    await recorded(open, 2)
    await sealed(open)
    await recorded(open, 1)
    await tampered(
      open.pool,
      `INSERT INTO entries (id, ts, type, subject_kind, subject_id, text) VALUES ('ent_unseen', now(), 'agent.added', 'agent', 'a', '{}')`,
    )

    await migrate(open.pool, silent, { functions: await numbered(functionsVersion + 1) })

    const { rows } = await open.pool.query('SELECT id FROM unsealed_entries JOIN entries USING (position)')
    expect(rows).toHaveLength(2)
    expect(rows).toContainEqual({ id: 'ent_unseen' })
  })

  test('is applied while a replica seals: neither waits for the other', async () => {
    const open = await opened()
    await recorded(open, 1)
    await sealed(open)
    await recorded(open, 1)

    const applied = await withClient(open.databaseUrl, async (sealing) => {
      await sealing.query('BEGIN; UPDATE ledger_head SET version = version + 1')
      const applying = migrate(open.pool, silent, { functions: await numbered(functionsVersion + 1) })
      const waits = () =>
        sealing
          .query(
            "SELECT FROM pg_locks WHERE NOT granted AND relation = 'ledger_head'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
          )
          .then(({ rowCount }) => rowCount)
      await expect.poll(waits).toBe(1)
      await sealing.query(
        'DELETE FROM unsealed_entries WHERE false; INSERT INTO ledger_leaves SELECT * FROM ledger_leaves WHERE false',
      )
      await sealing.query('COMMIT')
      return applying
    })

    expect(applied).toEqual([])
    expect(await sets(open.pool)).toEqual([functionsVersion, functionsVersion + 1])
  })

  test('cannot be struck from the list', async () => {
    const url = await freshDatabase()

    for (const statement of ['DELETE FROM function_sets', 'UPDATE function_sets SET version = 0'])
      await expect(withClient(url, (client) => client.query(statement))).rejects.toThrow(/append-only/)
  })
})

test('each migration leaves functions and triggers to prisma/functions', () => {
  const migrations = readdirSync('prisma/migrations').filter((name) => /^\d/.test(name))

  expect(migrations).toContain('20261130220000_baseline')
  for (const name of migrations)
    expect(readFileSync(`prisma/migrations/${name}/migration.sql`, 'utf8'), name).not.toMatch(
      /CREATE (OR REPLACE )?(FUNCTION|TRIGGER)/,
    )
})
