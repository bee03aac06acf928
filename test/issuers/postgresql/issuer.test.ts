import { describe, expect, onTestFinished, test } from 'vitest'
import type { CredentialIssuer } from '../../../src/approvals/leases/issuer.ts'
import type { Action } from '../../../src/core/action.ts'
import { withClient } from '../../support/database.ts'
import { inFiveMinutes, keepsIssuerContract } from '../contract.ts'
import { clientAs, exportUsers, issuerAt, warehouse, works } from './warehouse.ts'

const nowhere = 'postgresql://nobody:secret-word@127.0.0.1:1/nothing'

describe('the contract of issuers', () => {
  keepsIssuerContract(async () => {
    const { url } = await warehouse()
    return {
      issuer: issuerAt(url),
      action: exportUsers,
      foreign: [
        { ...exportUsers, action: 'db.import' },
        { ...exportUsers, environment: 'staging' },
        { ...exportUsers, resource: { type: 'table', id: 'billing.users' } },
      ],
      works,
      ofAnother: issuerAt(url, 'wsp_two'),
      deaf: issuerAt(nowhere),
    }
  })
})

let leases = 0

/** A role for an action, and a session of it. */
async function roleFor(issuer: CredentialIssuer, action: Action = exportUsers) {
  leases += 1
  const id = `lse_${leases}`
  const lease = { id, about: issuer.plan(id, action) }
  const { credential } = await issuer.issue(lease, inFiveMinutes())
  onTestFinished(async () => void (await issuer.end(lease, null)))
  return { lease, credential, end: () => issuer.end(lease, null) }
}

/** The SQLSTATE that a statement ends with, or `ok`. */
async function outcomeOf(client: Awaited<ReturnType<typeof clientAs>>, statement: string): Promise<string> {
  try {
    for (const one of statement.split('; ')) await client.query(one)
    return 'ok'
  } catch (fault) {
    return String((fault as { code?: string }).code)
  }
}

describe('what the role of an export can and cannot do', () => {
  const table: readonly (readonly [string, string])[] = [
    ['SELECT id, name FROM users', 'ok'],
    ['SELECT count(*) FROM users', 'ok'],
    ['SELECT pg_sleep(0)', 'ok'],
    ['SELECT * FROM users', '42501'],
    ['SELECT secret FROM users', '42501'],
    ["SELECT id FROM users WHERE secret = 'x'", '42501'],
    ['SELECT users FROM users', '42501'],
    ['SELECT id FROM other', '42501'],
    ['SELECT id FROM everybody', '42501'],
    ["UPDATE users SET name = 'Eve'", '25006'],
    ["SET default_transaction_read_only = 0; UPDATE users SET name = 'Eve'", '42501'],
    ["SET default_transaction_read_only = 0; INSERT INTO users VALUES (3, 'Eve', '')", '42501'],
    ['SET default_transaction_read_only = 0; DELETE FROM users', '42501'],
    ['SET default_transaction_read_only = 0; TRUNCATE users', '42501'],
    ['SET default_transaction_read_only = 0; CREATE TABLE mine (id int)', '42501'],
    ['SET default_transaction_read_only = 0; CREATE TEMP TABLE mine (id int)', '42501'],
    ['SET default_transaction_read_only = 0; CREATE SCHEMA mine', '42501'],
    ['SET default_transaction_read_only = 0; CREATE ROLE another', '42501'],
    ['SET default_transaction_read_only = 0; GRANT SELECT (id) ON users TO PUBLIC', 'ok'], // with a warning: nothing was granted
    ["SELECT pg_read_file('/etc/passwd')", '42501'],
    ["COPY users (id) TO PROGRAM 'cat'", '42501'],
  ]

  test.each(table)('%s: %s', async (statement, expected) => {
    const { url, asOwner } = await warehouse()
    const { credential, end } = await roleFor(issuerAt(url))
    const client = await clientAs(credential)

    expect(await outcomeOf(client, statement)).toBe(expected)

    await client.end()
    await end()
    const after = await asOwner((owner) =>
      owner.query(
        `SELECT (SELECT string_agg(name, ' ' ORDER BY id) FROM users) AS names, EXISTS (
           SELECT FROM pg_attribute, aclexplode(attacl) a WHERE attrelid = 'users'::regclass AND a.grantee = 0
         ) AS open`,
      ),
    )
    expect(after.rows).toEqual([{ names: 'Ada Ben', open: false }])
  })

  test('it cannot make itself live longer, connect more often, or become somebody', async () => {
    const { url, role } = await warehouse()
    const { credential } = await roleFor(issuerAt(url, 'wsp_one', '    connections: 1\n'))
    const client = await clientAs(credential)
    const me = `"${credential.user}"`
    await client.query('SET default_transaction_read_only = off')

    expect(await outcomeOf(client, `ALTER ROLE ${me} VALID UNTIL 'infinity'`)).toBe('42501')
    expect(await outcomeOf(client, `ALTER ROLE ${me} CONNECTION LIMIT 100`)).toBe('42501')
    expect(await outcomeOf(client, `SET ROLE ${role}`)).toBe('42501')
    await expect(clientAs(credential)).rejects.toMatchObject({ code: '53300' })
    const { rows } = await client.query(
      'SELECT rolvaliduntil IS NOT NULL AS ends, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication AS more FROM pg_roles WHERE rolname = current_user',
    )
    expect(rows).toEqual([{ ends: true, more: false }])
    await client.end()
  })

  test('a statement is cut off, unless the role says otherwise: that it cannot be held to', async () => {
    const { url } = await warehouse()
    const { credential } = await roleFor(issuerAt(url, 'wsp_one', '    statement_timeout: 7s\n'))
    const client = await clientAs(credential)

    const { rows } = await client.query('SHOW statement_timeout')

    expect(rows).toEqual([{ statement_timeout: '7s' }])
    await client.end()
  })

  test('one that may change a column changes that, and nothing else', async () => {
    const { url } = await warehouse()
    const rename: Action = { ...exportUsers, action: 'db.rename', params: {} }
    const { credential } = await roleFor(issuerAt(url), rename)
    const client = await clientAs(credential)

    expect(await outcomeOf(client, "UPDATE users SET name = 'X'")).toBe('ok')
    expect(await outcomeOf(client, 'UPDATE users SET id = 7')).toBe('42501')
    expect(await outcomeOf(client, 'SELECT name FROM users')).toBe('42501')
    await client.end()
  })
})

describe('what it does not give', () => {
  const columns = (...names: readonly unknown[]): Action => ({
    ...exportUsers,
    params: { columns: names as string[] }, // what an agent may send, whatever its type
  })
  const onTable = (name: string): Action => ({
    ...exportUsers,
    resource: { type: 'table', id: `warehouse.${name}` },
  })

  test.each<readonly [string, Action]>([
    ['a column that does not exist', columns('id', 'nope')],
    ['a column that the issuer may not give', columns('secret')],
    ['one that it may give beside one that it may not', columns('id', 'secret')],
    ['SQL in place of a column', columns('id) ON users TO PUBLIC;--')],
    ['a column twice', columns('id', 'id')],
    ['no column', columns()],
    ['something that is no name', columns(7)],
    ['a name that would be cut', columns('x'.repeat(64))],
    ['a table that does not exist', onTable('nope')],
    ['a table of the catalogue', onTable('pg_authid')],
    ['a view, which reads with the rights of its owner', onTable('everybody')],
    ['a table of which everybody may read more', { ...onTable('open_to_all'), params: { columns: ['id'] } }],
  ])('%s', async (_, action) => {
    const { url } = await warehouse()
    const issuer = issuerAt(url)

    const issuing = async () => {
      const lease = { id: 'lse_refused', about: issuer.plan('lse_refused', action) }
      await issuer.issue(lease, inFiveMinutes())
    }

    await expect(issuing()).rejects.toMatchObject({ code: 'target_refused' })
    expect(await issuer.list()).toEqual([])
  })

  test('control: the same with names that exist and may be given', async () => {
    const { url } = await warehouse()

    const { credential } = await roleFor(issuerAt(url), columns('name'))

    const client = await clientAs(credential)
    expect(await outcomeOf(client, 'SELECT name FROM users')).toBe('ok')
    expect(await outcomeOf(client, 'SELECT id FROM users')).toBe('42501')
    await client.end()
  })
})

describe('the end of a role', () => {
  test('ends its sessions, and drops what it made', async () => {
    const { url, asOwner } = await warehouse()
    const { credential, end } = await roleFor(issuerAt(url))
    const client = await clientAs(credential)
    await client.query('SET default_transaction_read_only = off')
    const made = await outcomeOf(client, 'SELECT lo_create(0)')
    const waiting = outcomeOf(client, 'SELECT pg_sleep(600)')

    await end()

    expect(made).toBe('ok')
    expect(await waiting).toBe('57P01')
    const left = await asOwner((owner) =>
      owner.query(
        'SELECT (SELECT count(*)::int FROM pg_largeobject_metadata) AS made, (SELECT count(*)::int FROM pg_roles WHERE rolname = $1) AS roles',
        [credential.user],
      ),
    )
    expect(left.rows).toEqual([{ made: 0, roles: 0 }])
  })

  test('twenty at once on one table share nothing and leave nothing', async () => {
    const { url } = await warehouse()
    const issuer = issuerAt(url)
    const ids = Array.from({ length: 20 }, (_, nth) => `lse_many${nth}`)
    const planned = ids.map((id) => ({ id, about: issuer.plan(id, exportUsers) }))

    const issued = await Promise.all(planned.map((lease) => issuer.issue(lease, inFiveMinutes())))
    const [even, odd] = [0, 1].map((rest) => planned.filter((_, nth) => nth % 2 === rest))
    await Promise.all((even ?? []).map((lease) => issuer.end(lease, null)))

    const alive = await Promise.all(issued.map(({ credential }) => works(credential)))
    expect(alive).toEqual(ids.map((_, nth) => nth % 2 === 1))
    await Promise.all((odd ?? []).map((lease) => issuer.end(lease, null)))
    expect(await issuer.list()).toEqual([])
  })

  test.each([['its login was taken', 'ALTER ROLE "NAME" NOLOGIN'], ['nothing was done']])(
    'goes on when an earlier run stopped after %s',
    async (_, done?: string) => {
      const { url } = await warehouse()
      const issuer = issuerAt(url)
      const { credential, end } = await roleFor(issuer)
      if (done) await withClient(url, (client) => client.query(done.replace('NAME', String(credential.user))))

      await end()

      expect(await issuer.list()).toEqual([])
    },
  )
})

test('a password never reaches the server, only what it is checked by', async () => {
  const { url, asOwner } = await warehouse()
  const { credential } = await roleFor(issuerAt(url))

  const stored = await asOwner((owner) =>
    owner.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [credential.user]),
  )

  expect(stored.rows[0]?.rolpassword).toMatch(
    /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/=]{24}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$/,
  )
  expect(JSON.stringify(stored.rows)).not.toContain(credential.password)
})

test('what goes wrong never says the password of the issuer', async () => {
  const issuer = issuerAt(nowhere)
  const lease = { id: 'lse_1', about: issuer.plan('lse_1', exportUsers) }

  const fault = await issuer.issue(lease, inFiveMinutes()).catch((thrown: unknown) => thrown)

  expect(`${fault} ${JSON.stringify(fault)} ${JSON.stringify(await issuer.check())}`).not.toContain(
    'secret-word',
  )
})

test('doctor sees a target that is well, and what everybody may do there', async () => {
  const { url, asOwner } = await warehouse()

  expect(await issuerAt(url).check()).toEqual([
    { ok: true, detail: expect.stringMatching(/^PostgreSQL \d+\.\d+.*, database /), fix: null },
  ])

  await asOwner((owner) =>
    owner.query(
      'CREATE FUNCTION peek() RETURNS text LANGUAGE sql SECURITY DEFINER RETURN (SELECT max(secret) FROM users)',
    ),
  )
  expect(await issuerAt(url).check()).toEqual([
    expect.objectContaining({ ok: true }),
    expect.objectContaining({ look: true, detail: expect.stringContaining('1 functions') }),
  ])
})
