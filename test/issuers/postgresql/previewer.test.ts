import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/action.ts'
import { withClient } from '../../support/database.ts'
import { keepsPreviewerContract } from '../previewContract.ts'
import { previewerAt, previewWarehouse } from './previewWarehouse.ts'
import { exportUsers } from './warehouse.ts'

const nowhere = 'postgresql://nobody:secret-word@127.0.0.1:1/nothing'

const columns = (...names: readonly unknown[]): Action => ({
  ...exportUsers,
  params: { columns: names as string[] }, // what an agent may send, whatever its type
})
const onTable = (name: string, named: readonly string[] = ['id', 'name']): Action => ({
  ...exportUsers,
  resource: { type: 'table', id: `warehouse.${name}` },
  params: { columns: [...named] },
})

describe('the contract of previewers', () => {
  keepsPreviewerContract(async () => ({
    previewer: (await previewWarehouse()).previewer,
    action: exportUsers,
    foreign: [
      { ...exportUsers, action: 'db.import' },
      { ...exportUsers, environment: 'staging' },
      { ...exportUsers, resource: { type: 'table', id: 'billing.users' } },
    ],
    unknown: [onTable('nope'), columns('id', 'nope')],
    deaf: previewerAt(nowhere),
  }))
})

describe('what it says', () => {
  test('is the estimate of the planner, with the table', async () => {
    const { previewer } = await previewWarehouse()

    expect(await previewer.preview(exportUsers)).toEqual({ tables: ['public.users'], rows: 2_345 })
  })

  test('of what changes a table is how many rows there are to change', async () => {
    const { previewer } = await previewWarehouse()

    expect(await previewer.preview({ ...exportUsers, action: 'db.rename', params: {} })).toMatchObject({
      rows: 2_345,
    })
  })

  test('of a partitioned table is all of its parts', async () => {
    const { previewer, asOwner, role } = await previewWarehouse()
    await asOwner(async (owner) => {
      await owner.query('CREATE TABLE parts (id int, name text) PARTITION BY RANGE (id)')
      await owner.query('CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100)')
      await owner.query('CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (100) TO (200)')
      await owner.query(`INSERT INTO parts SELECT n, 'x' FROM generate_series(0, 149) n`)
      await owner.query(`ANALYZE parts; GRANT SELECT ON parts TO ${role}`)
    })

    expect(await previewer.preview(onTable('parts'))).toEqual({ tables: ['public.parts'], rows: 150 })
  })
})

describe('threats: preview-effect: a preview never has an effect', () => {
  const effects = (asOwner: Awaited<ReturnType<typeof previewWarehouse>>['asOwner']) =>
    asOwner(async (owner) => (await owner.query('SELECT what FROM effects')).rows)

  /** Writes when it is run, with the rights of its owner. */
  const loud = (volatility: string) =>
    `CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS
       $$ BEGIN INSERT INTO effects VALUES ('ran'); RETURN 1; END $$;
     CREATE FUNCTION loud() RETURNS int LANGUAGE plpgsql ${volatility} AS $$ BEGIN RETURN writes(); END $$`

  test.each(['VOLATILE', 'STABLE', 'IMMUTABLE'])(
    'a %s function in a view, or in a policy for rows, is not run: neither is planned',
    async (volatility) => {
      const { previewer, asOwner, role } = await previewWarehouse()
      await asOwner(async (owner) => {
        await owner.query(loud(volatility))
        await owner.query('CREATE VIEW noisy AS SELECT id, name FROM users WHERE id > loud()')
        await owner.query('CREATE TABLE hidden AS SELECT * FROM users')
        await owner.query('ALTER TABLE hidden ENABLE ROW LEVEL SECURITY')
        await owner.query('CREATE POLICY few ON hidden USING (id > loud())')
        await owner.query(`ANALYZE hidden; GRANT SELECT ON noisy, hidden TO ${role}`)
      })

      for (const name of ['noisy', 'hidden', 'everybody'])
        await expect(previewer.preview(onTable(name)), name).rejects.toMatchObject({ code: 'target_refused' })

      expect(await effects(asOwner)).toEqual([])
    },
  )

  test('control: planning alone runs one that calls itself immutable, where a view is planned', async () => {
    const { url, asOwner, role } = await previewWarehouse()
    await asOwner(async (owner) => {
      await owner.query(loud('IMMUTABLE'))
      await owner.query('CREATE VIEW noisy AS SELECT id, name FROM users WHERE id > loud()')
      await owner.query(`GRANT SELECT ON noisy TO ${role}`)
    })

    await withClient(url, (client) => client.query('EXPLAIN SELECT id FROM noisy'))
    expect(await effects(asOwner)).toEqual([{ what: 'ran' }])

    // And a transaction that can only read would have refused that.
    await expect(
      withClient(url, async (client) => {
        await client.query('BEGIN READ ONLY')
        await client.query('EXPLAIN SELECT id FROM noisy')
      }),
    ).rejects.toMatchObject({ code: '25006' })
  })

  test('what is planned is never executed: a volatile default, a trigger and a rule on the table run nothing', async () => {
    const { previewer, asOwner } = await previewWarehouse()
    await asOwner(async (owner) => {
      await owner.query(loud('VOLATILE'))
      await owner.query('ALTER TABLE users ALTER id SET DEFAULT loud()')
      await owner.query('CREATE RULE also AS ON UPDATE TO users DO ALSO INSERT INTO effects VALUES (1)')
    })

    await previewer.preview(exportUsers)
    await previewer.preview({ ...exportUsers, action: 'db.rename', params: {} })

    expect(await effects(asOwner)).toEqual([])
  })

  test.each<readonly [string, Action]>([
    ['SQL in place of a table', onTable('users; DELETE FROM effects')],
    ['a quoted table', onTable('users" WHERE false; DELETE FROM "effects')],
    ['a schema in the table', onTable('public.users')],
    ['SQL in place of a column', columns('id FROM users; DELETE FROM effects --')],
    ['a function in place of a column', columns('pg_sleep(9)')],
    ['a star', columns('*')],
    ['something that is no name', columns(7)],
    ['a table of the catalogue', onTable('pg_authid')],
    ['no column', columns()],
  ])('%s gets no preview, and runs nothing', async (_, action) => {
    const { previewer, asOwner } = await previewWarehouse()
    await asOwner((owner) => owner.query("INSERT INTO effects VALUES ('stays')"))

    await expect(previewer.preview(action)).rejects.toMatchObject({ code: 'target_refused' })

    expect(await effects(asOwner)).toEqual([{ what: 'stays' }])
  })

  test('a table with a hostile name that exists is planned as what it is called', async () => {
    const { previewer, asOwner, role } = await previewWarehouse()
    const name = `a"; DELETE FROM effects; --`
    await asOwner(async (owner) => {
      await owner.query("INSERT INTO effects VALUES ('stays')")
      await owner.query('CREATE TABLE "a""; DELETE FROM effects; --" AS SELECT 1 AS id, \'x\' AS name')
      await owner.query('ANALYZE "a""; DELETE FROM effects; --"')
      await owner.query(`GRANT SELECT ON "a""; DELETE FROM effects; --" TO ${role}`)
    })

    expect(await previewer.preview(onTable(name))).toEqual({ tables: [`public.${name}`], rows: 1 })

    expect(await effects(asOwner)).toEqual([{ what: 'stays' }])
  })
})

describe('what it does not say', () => {
  test('of a column that its login may not select', async () => {
    const { previewer } = await previewWarehouse()

    await expect(previewer.preview(columns('secret'))).rejects.toMatchObject({ code: 'target_refused' })
  })

  test('of a table that was never analysed: PostgreSQL would only assume', async () => {
    const { previewer, asOwner } = await previewWarehouse()
    await expect(previewer.preview(onTable('fresh'))).rejects.toMatchObject({ code: 'target_refused' })

    await asOwner((owner) => owner.query('ANALYZE fresh'))

    expect(await previewer.preview(onTable('fresh'))).toMatchObject({ tables: ['public.fresh'] })
  })

  test('of a table of which a part is on another server', async () => {
    const { previewer, asOwner, role } = await previewWarehouse()
    await asOwner(async (owner) => {
      await owner.query('CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER far FOREIGN DATA WRAPPER nothing')
      await owner.query('CREATE TABLE near (id int, name text)')
      await owner.query(`ANALYZE near; GRANT SELECT ON near TO ${role}`)
      await owner.query('CREATE FOREIGN TABLE away () INHERITS (near) SERVER far')
    })

    await expect(previewer.preview(onTable('near'))).rejects.toMatchObject({
      message: expect.stringContaining('another server'),
    })
  })

  test('while somebody holds the table: the server gives up after half a second', async () => {
    const { previewer, asOwner } = await previewWarehouse()
    await asOwner(async (owner) => {
      await owner.query('BEGIN; LOCK TABLE users')

      await expect(previewer.preview(exportUsers)).rejects.toMatchObject({
        name: 'TargetFault',
        message: expect.stringMatching(/57014|55P03/),
      })
    })

    expect(await previewer.preview(exportUsers)).toMatchObject({ rows: 2_345 })
  })

  test('to a third while two are under way', async () => {
    const { previewer, asOwner } = await previewWarehouse()
    await asOwner(async (owner) => {
      await owner.query('BEGIN; LOCK TABLE users')
      const two = [previewer.preview(exportUsers), previewer.preview(exportUsers)]

      await expect(previewer.preview(exportUsers)).rejects.toMatchObject({
        message: expect.stringContaining('two previews'),
      })

      await owner.query('ROLLBACK')
      expect(await Promise.all(two)).toHaveLength(2)
    })
    expect(await previewer.preview(exportUsers)).toMatchObject({ rows: 2_345 })
  })

  test('the password of its login', async () => {
    const previewer = previewerAt(nowhere)

    const fault = await previewer.preview(exportUsers).catch((thrown: unknown) => thrown)

    expect(`${fault} ${JSON.stringify(fault)} ${JSON.stringify(await previewer.check())}`).not.toContain(
      'secret-word',
    )
  })
})
