import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkDatabase } from '../../src/store/doctor.ts'
import { openStore } from '../../src/store/open.ts'
import { tables } from '../../src/store/suitable.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { approval, approved, madeRequest, submission } from './made.ts'
import { silent } from './opened.ts'
import { asAdmin, ordinary, type RoleAndDatabase, roleAndDatabase } from './role.ts'

async function opened(databaseUrl: string) {
  const open = await openStore({ databaseUrl, log: silent })
  onTestFinished(() => open.close())
  return open
}

const refusalOf = (databaseUrl: string) =>
  openStore({ databaseUrl, log: silent }).then(
    async (open) => {
      await open.close()
      return 'it opened'
    },
    (error: unknown) => error,
  )

describe('a database that a replica cannot work in is refused before anything is made in it', () => {
  test.each<[string, string, (one: RoleAndDatabase) => readonly string[], RegExp]>([
    [
      'a role that may not make anything',
      'no_rights',
      ({ database }) => [`ALTER DATABASE ${database} OWNER TO CURRENT_USER`],
      /^GRANT USAGE, CREATE ON SCHEMA public TO \w+/m,
    ],
    [
      'an empty search_path',
      'no_schema',
      ({ role }) => [`ALTER ROLE ${role} SET search_path = ''`],
      /^ALTER ROLE \w+ SET search_path = public/m,
    ],
    [
      'a role with too few connections',
      'too_few_connections',
      ({ role }) => [`ALTER ROLE ${role} CONNECTION LIMIT 9`],
      /^ALTER ROLE \w+ CONNECTION LIMIT -1/m,
    ],
    [
      'a database with too few connections',
      'too_few_connections',
      ({ database }) => [`ALTER DATABASE ${database} CONNECTION LIMIT 9`],
      /^ALTER DATABASE \w+ CONNECTION LIMIT -1/m,
    ],
    [
      'a role that may only read',
      'read_only',
      ({ role }) => [`ALTER ROLE ${role} SET default_transaction_read_only = on`],
      /RESET default_transaction_read_only/,
    ],
  ])('%s', async (_, code, spoil, fix) => {
    const one = await roleAndDatabase(ordinary)
    await asAdmin(...spoil(one))

    expect(await refusalOf(one.url)).toMatchObject({ code, fix: expect.stringMatching(fix) })

    const { rows } = await withClient(one.url, (client) =>
      client.query(`SELECT to_regclass('public._prisma_migrations') AS made`),
    )
    expect(rows).toEqual([{ made: null }])
    expect((await checkDatabase(one.url, silent)).lacks).toContainEqual(expect.objectContaining({ code }))
  })

  test.each(['LATIN1', 'SQL_ASCII'])('an encoding that cannot hold every character: %s', async (encoding) => {
    const { url } = await roleAndDatabase(({ role, database, password }) => [
      `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`,
      `CREATE DATABASE ${database} OWNER ${role} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`,
    ])

    expect(await refusalOf(url)).toMatchObject({
      code: 'wrong_encoding',
      message: expect.stringContaining(encoding),
      fix: expect.stringContaining("ENCODING 'UTF8'"),
    })
  })

  test('a role that may not connect is told so, and not to look at host and port', async () => {
    const one = await roleAndDatabase(ordinary)
    await asAdmin(
      `ALTER DATABASE ${one.database} OWNER TO CURRENT_USER`,
      `REVOKE CONNECT ON DATABASE ${one.database} FROM PUBLIC, ${one.role}`,
    )

    const refusal = await refusalOf(one.url)

    expect(refusal).toMatchObject({ code: 'no_rights', cause: { code: '42501' } })
    expect(JSON.stringify(refusal)).not.toContain('host and port')
  })

  test('a role without LOGIN is told so', async () => {
    const one = await roleAndDatabase(ordinary)
    await asAdmin(`ALTER ROLE ${one.role} NOLOGIN`)

    expect(await refusalOf(one.url)).toMatchObject({
      code: 'auth_failed',
      fix: expect.stringContaining('LOGIN'),
    })
  })

  test('everything that is wrong is said at once', async () => {
    const one = await roleAndDatabase(ordinary)
    await asAdmin(
      `ALTER DATABASE ${one.database} OWNER TO CURRENT_USER`,
      `ALTER ROLE ${one.role} CONNECTION LIMIT 9`,
    )

    expect(await refusalOf(one.url)).toMatchObject({
      code: 'no_rights',
      fix: expect.stringMatching(/ON SCHEMA.*ON DATABASE.*CONNECTION LIMIT/s),
    })
  })
})

test('control: a database with nothing special is fit, for a role that is not superuser', async () => {
  const { url } = await roleAndDatabase(ordinary)
  expect(await checkDatabase(url, silent)).toMatchObject({
    lacks: [],
    detail: expect.stringContaining('empty'),
  })

  const { store } = await opened(url)

  expect(await store.commit(submission())).toBe('applied')
  expect((await checkDatabase(url, silent)).detail).not.toContain('empty')
})

describe('what somebody set for the role or the database changes nothing', () => {
  const settings = [
    "DateStyle = 'SQL, DMY'",
    "TimeZone = 'Asia/Kolkata'",
    "IntervalStyle = 'sql_standard'",
    "client_encoding = 'LATIN1'",
    "default_transaction_isolation = 'serializable'",
    "bytea_output = 'escape'",
    'standard_conforming_strings = off',
    'extra_float_digits = -3',
    'synchronous_commit = off',
  ]

  test('a point in time comes back as it was written, and what is acknowledged is on disk', async () => {
    const one = await roleAndDatabase(ordinary)
    await asAdmin(...settings.map((setting) => `ALTER DATABASE ${one.database} SET ${setting}`))
    const { store, pool } = await opened(one.url)
    const request = madeRequest()

    await store.commit(submission(request))
    await store.commit(approval(request))

    const { rows } = await pool.query<{ made: string; durable: string }>(
      `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS made,
         current_setting('synchronous_commit') AS durable FROM action_requests`,
    )
    expect(await store.request(request.id)).toEqual(approved(request))
    expect(rows).toEqual([{ made: request.createdAt, durable: 'on' }])
  })

  test('an end that is set for sessions that rest is not the end of ours, nor of the one that only listens', async () => {
    const one = await roleAndDatabase(ordinary)
    await asAdmin(`ALTER DATABASE ${one.database} SET idle_session_timeout = '50ms'`)
    const { pool } = await opened(one.url)
    const listening = () =>
      pool.query(`SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'countersign listen'`)
    const before = (await listening()).rows

    const control = new Client({ connectionString: one.url })
    control.on('error', () => undefined) // it says why
    const ended = new Promise<void>((resolve) => control.once('end', resolve))
    await control.connect()
    await ended // by the server, after a rest that is shorter than that of ours

    expect(before).toHaveLength(1)
    expect((await listening()).rows).toEqual(before)
    expect((await pool.query('SHOW idle_session_timeout')).rows).toEqual([{ idle_session_timeout: '0' }])
  })

  test('control: whoever wants more than that an acknowledged commit is on disk keeps it', async () => {
    const one = await roleAndDatabase(ordinary)
    await asAdmin(`ALTER ROLE ${one.role} SET synchronous_commit = 'remote_apply'`)
    const { pool } = await opened(one.url)

    expect((await pool.query('SHOW synchronous_commit')).rows).toEqual([
      { synchronous_commit: 'remote_apply' },
    ])
  })
})

describe('tables', () => {
  test('one that somebody dropped is named', async () => {
    const url = await freshDatabase()
    await withClient(url, (client) => client.query('DROP TABLE cards, deliveries CASCADE'))

    expect(await refusalOf(url)).toMatchObject({
      code: 'schema_damaged',
      message: expect.stringContaining('cards, deliveries'),
      fix: expect.stringContaining('backup'),
    })
    await expect(checkDatabase(url, silent)).rejects.toMatchObject({ code: 'schema_damaged' })
  })

  test('are those that the migrations make, no more and no fewer', async () => {
    const { rows } = await withClient(await freshDatabase(), (client) =>
      client.query<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1`,
      ),
    )

    expect(rows.map(({ name }) => name)).toEqual([...tables].sort())
  })
})
