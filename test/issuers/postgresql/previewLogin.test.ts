import { describe, expect, test } from 'vitest'
import { withClient } from '../../support/database.ts'
import { previewWarehouse } from './previewWarehouse.ts'
import { exportUsers } from './warehouse.ts'

describe('threats: preview-effect: the login of a preview', () => {
  test.each([
    "INSERT INTO users VALUES (0, '', '')",
    'UPDATE users SET id = 0',
    'DELETE FROM users',
    'TRUNCATE users',
    'CREATE TABLE mine (id int)',
    'CREATE TEMP TABLE mine (id int)',
    'SELECT secret FROM users',
    'SELECT what FROM effects',
  ])('its login cannot: %s', async (statement) => {
    const { url } = await previewWarehouse()

    await expect(withClient(url, (client) => client.query(statement))).rejects.toMatchObject({
      code: '42501',
    })
  })
})

describe('a login that can do more than select is found, and gets no preview', () => {
  const granting: readonly (readonly [string, (role: string, database: string) => string, RegExp])[] = [
    ['a superuser', (role) => `ALTER ROLE ${role} SUPERUSER`, /SUPERUSER/],
    ['one that makes roles', (role) => `ALTER ROLE ${role} CREATEROLE`, /CREATEROLE/],
    ['one that makes databases', (role) => `ALTER ROLE ${role} CREATEDB`, /CREATEDB/],
    ['one that ignores policies for rows', (role) => `ALTER ROLE ${role} BYPASSRLS`, /BYPASSRLS/],
    ['a member of another role', (role) => `GRANT pg_read_all_data TO ${role}`, /pg_read_all_data/],
    ['INSERT on some table', (role) => `GRANT INSERT ON effects TO ${role}`, /effects/],
    ['UPDATE of one column', (role) => `GRANT UPDATE (name) ON users TO ${role}`, /users/],
    ['what everybody may do', () => 'GRANT DELETE ON effects TO PUBLIC', /effects/],
    ['CREATE in a schema', (role) => `GRANT CREATE ON SCHEMA public TO ${role}`, /schema public/],
    [
      'TEMPORARY for everybody',
      (_, database) => `GRANT TEMPORARY ON DATABASE ${database} TO PUBLIC`,
      /TEMPORARY/,
    ],
    [
      'CREATE on the database',
      (role, database) => `GRANT CREATE ON DATABASE ${database} TO ${role}`,
      /CREATE/,
    ],
    [
      'one that owns something',
      (role) => `CREATE TYPE thing AS (id int); ALTER TYPE thing OWNER TO ${role}`,
      /owns/,
    ],
  ]

  test.each(granting)('%s', async (_, grant, names) => {
    const { previewer, asOwner, role, database } = await previewWarehouse()
    await asOwner((owner) => owner.query(grant(role, database)))

    const findings = await previewer.check()

    expect(findings).toEqual([{ ok: false, detail: expect.stringMatching(names), fix: expect.any(String) }])
    await expect(previewer.preview(exportUsers)).rejects.toMatchObject({ code: 'target_refused' })
  })

  test('control: one that can only select is well, and gets it', async () => {
    const { previewer, role } = await previewWarehouse()

    expect(await previewer.check()).toEqual([
      { ok: true, detail: `the preview login ${role} can only select`, fix: null },
    ])
    expect(await previewer.preview(exportUsers)).toMatchObject({ rows: 2_345 })
  })

  test('the fix that it says is one', async () => {
    const { previewer, asOwner, role } = await previewWarehouse()
    await asOwner((owner) => owner.query(`GRANT INSERT, SELECT ON effects TO ${role}`))
    const [finding] = await previewer.check()

    await asOwner((owner) => owner.query(finding?.fix ?? ''))

    expect(await previewer.check()).toMatchObject([{ ok: true }])
  })
})
