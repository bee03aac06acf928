import { describe, expect, test } from 'vitest'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { connect } from '../../src/store/connect.ts'
import { asOfOneMoment, keptLedger } from '../../src/store/ledger/keptLedger.ts'
import { erasureOf, madeLine } from './made.ts'
import { opened, silent } from './opened.ts'
import { recorded, sealed, tampered } from './sealingWorld.ts'
import { byIndex, verify } from './verified.ts'

describe('what is read by whole pages, over several connections', () => {
  type Open = Awaited<ReturnType<typeof opened>>

  const withoutPlace =
    'An entry stands in the record that is not in the tree and does not wait for its place.'

  const nothingKept = { kept: [], key: null, progress: () => undefined }

  async function unplaced() {
    const { open } = await large()
    await recorded(open, 1)
    expect(await verify(open), 'control').toMatchObject({ wrong: null })
    await tampered(open.pool, 'DELETE FROM unsealed_entries')
    return { open }
  }

  async function ended({ databaseUrl }: Open) {
    const pool = await connect(databaseUrl, silent)
    const client = await pool.connect()
    client.release(true)
    await pool.end()
    return client
  }

  /** Pages of which the first are whole; what follows is read row by row. */
  async function large() {
    const open = await opened()
    await recorded(open, 1_530)
    await open.store.commit({ entries: [madeLine({ id: 'ent_values' }, { reason: 'churn' })] })
    await recorded(open, 70)
    await sealed(open)
    const { rows } = await open.pool.query("SELECT index FROM ledger_leaves WHERE entry_id = 'ent_values'")
    return { open, values: Number(rows[0]?.index) }
  }

  test('control: verifies when nobody touched it', async () => {
    const { open } = await large()

    expect(await verify(open)).toEqual({ size: 1_601, wrong: null })
  })

  test.each([
    [
      'a text',
      `UPDATE entries SET text = replace(text, 'agt_1', 'agt_2') WHERE id = ${byIndex(1_100)}`,
      'An entry is not what was sealed.',
    ],
    [
      'a text that has a line feed',
      `UPDATE entries SET text = text || E'\n' WHERE id = ${byIndex(1_100)}`,
      'An entry is not what was sealed.',
    ],
    [
      'a column',
      `UPDATE entries SET type = 'agent.added' WHERE id = ${byIndex(1_100)}`,
      'The column type is not what its entry says.',
    ],
    [
      'a column, to nothing',
      `UPDATE entries SET request_id = NULL WHERE id = ${byIndex(1_100)}`,
      'The column request_id is not what its entry says.',
    ],
    [
      'a column that has what stands between columns',
      `UPDATE entries SET subject_id = E'req_0\x01req_0' WHERE id = ${byIndex(1_100)}`,
      'The column subject_id is not what its entry says.',
    ],
    [
      'the time',
      `UPDATE entries SET ts = ts + interval '1 ms' WHERE id = ${byIndex(1_100)}`,
      'The column ts is not what its entry says.',
    ],
    ['an entry away', `DELETE FROM entries WHERE id = ${byIndex(1_100)}`, 'An entry is gone.'],
    ['an index away', 'DELETE FROM ledger_leaves WHERE index = 1100', 'An index is missing from the tree.'],
    [
      'the hash of a leaf',
      'UPDATE ledger_leaves SET hash = sha256(hash) WHERE index = 1100',
      'An entry is not what was sealed.',
    ],
    [
      'the lengths of two hashes',
      `UPDATE ledger_leaves SET hash = CASE index WHEN 1100 THEN substr(hash, 1, 31) ELSE hash || substr(hash, 1, 1) END WHERE index IN (1100, 1101)`,
      'An entry is not what was sealed.',
    ],
    [
      'a text, which the next one has with it',
      `UPDATE entries SET text = (SELECT text FROM entries WHERE id = ${byIndex(1_100)}) || E'\n' || text WHERE id = ${byIndex(1_101)};
       UPDATE entries SET text = NULL WHERE id = ${byIndex(1_100)}`,
      'An entry is gone.',
    ],
    [
      'a hash, which the next one has with it',
      `UPDATE ledger_leaves SET hash = (SELECT hash FROM ledger_leaves WHERE index = 1100) || hash WHERE index = 1101;
       UPDATE ledger_leaves SET hash = '' WHERE index = 1100`,
      'An entry is not what was sealed.',
    ],
    [
      'where one hash ends and the next begins',
      `UPDATE ledger_leaves SET hash = substr((SELECT hash FROM ledger_leaves WHERE index = 1100), 32) || hash WHERE index = 1101;
       UPDATE ledger_leaves SET hash = substr(hash, 1, 31) WHERE index = 1100`,
      'An entry is not what was sealed.',
    ],
    [
      'a column, which the next one has with it',
      `UPDATE entries SET subject_id = subject_kind || E'\x01' || subject_id, subject_kind = NULL WHERE id = ${byIndex(1_100)}`,
      'The column subject_kind is not what its entry says.',
    ],
  ])('finds whoever changed %s', async (_, statement, what) => {
    const { open } = await large()
    await tampered(
      open.pool,
      'ALTER TABLE ledger_leaves DROP CONSTRAINT IF EXISTS ledger_leaves_hash_check, DROP CONSTRAINT ledger_leaves_pkey',
      'ALTER TABLE entries ALTER COLUMN text DROP NOT NULL, ALTER COLUMN subject_kind DROP NOT NULL',
      ...statement.split(';'),
    )

    const { wrong } = await verify(open)

    expect(wrong).toMatchObject({ what, index: 1_100 })
  })

  test.each([
    ["text = 'no'", 'The value reason of an entry was changed.'],
    ['salt = NULL', 'The value reason of an entry was changed.'],
    ["sha256_salted = 'ab'", 'The value reason of an entry is recorded as another.'],
    ["name = E'reason\\x01'", 'The value reason of an entry is gone.'],
    [
      "name = NULL, sha256_salted = name || E'\\x01' || sha256_salted",
      'The value reason of an entry is gone.',
    ],
    ["name = E'reason\\n'", 'The value reason of an entry is gone.'],
    ['bytes = bytes + 1', 'The value reason of an entry is recorded as another.'],
  ])('finds a value of which somebody set %s', async (change, what) => {
    const { open, values } = await large()
    await tampered(
      open.pool,
      'ALTER TABLE entry_blobs DROP CONSTRAINT entry_blobs_erased_check, DROP CONSTRAINT entry_blobs_pkey',
      'ALTER TABLE entry_blobs ALTER COLUMN name DROP NOT NULL',
      `UPDATE entry_blobs SET ${change}`,
    )

    expect((await verify(open)).wrong).toMatchObject({ what, index: values, entry: 'ent_values' })
  })

  test('finds a value that stands beside its entry twice', async () => {
    const { open, values } = await large()
    const copy = `INSERT INTO entry_blobs (entry_id, name, sha256_salted, bytes, salt, text)
      SELECT entry_id, name, sha256_salted, bytes, salt, text FROM entry_blobs WHERE entry_id = 'ent_values'`
    await tampered(open.pool, 'ALTER TABLE entry_blobs DROP CONSTRAINT entry_blobs_pkey', copy)

    const what = 'A value stands beside an entry twice.'
    expect((await verify(open)).wrong).toMatchObject({ what, index: values, entry: 'ent_values' })
  })

  test('finds an index that is there twice, in the place of the next', async () => {
    const { open } = await large()
    await tampered(
      open.pool,
      'ALTER TABLE ledger_leaves DROP CONSTRAINT ledger_leaves_pkey',
      'UPDATE ledger_leaves SET index = 1099 WHERE index = 1100',
    )

    expect((await verify(open)).wrong).not.toBeNull()
  })

  test('finds a value that was emptied silently, and none that its entry accounts for', async () => {
    const { open } = await large()
    await open.store.commit(await erasureOf(open.store, ['ent_values']))
    await open.store.commit({ entries: [madeLine({}, { reason: 'churn' })] })
    await sealed(open)
    expect(await verify(open)).toMatchObject({ wrong: null })

    await tampered(open.pool, 'UPDATE entry_blobs SET salt = NULL, text = NULL')

    expect((await verify(open)).wrong).toMatchObject({ expected: '1 emptied values', stands: '2' })
  })

  test('finds an entry without a place, which is looked for beside the pages', async () => {
    const { open } = await unplaced()

    expect((await verify(open)).wrong).toMatchObject({ what: withoutPlace })
  })

  test.each([
    ['there is no second connection', () => Promise.reject(new Error('too many connections'))],
    ['the second connection ends', (open: Open) => ended(open)],
  ])('finds an entry without a place where %s', async (_, second) => {
    const { open } = await unplaced()
    const client = await open.pool.connect()
    try {
      const ledger = await keptLedger(client, { beside: async () => [], second: () => second(open) })
      if (!ledger) throw new Error('there is one')

      expect((await verifyLedger(ledger, nothingKept)).wrong).toMatchObject({ what: withoutPlace })
    } finally {
      client.release()
    }
  })

  test('ends although a second connection is still on its way', async () => {
    const { databaseUrl } = await opened()
    const looked = asOfOneMoment({ databaseUrl, log: silent }, async (_, { second }) => {
      second().catch(() => null)
      return 'over'
    })

    expect(await looked).toBe('over')
  })

  test('an erasure that says more than it emptied is found, and so is a value that is emptied beside it', async () => {
    const open = await opened()
    await open.store.commit({ entries: [madeLine({ id: 'ent_values' }, { reason: 'churn' })] })
    await open.store.commit({ entries: [madeLine({ type: 'record.erased', data: { values: 1 } })] })
    await sealed(open)

    expect((await verify(open)).wrong).toMatchObject({ what: expect.stringMatching(/more values were/) })
    await open.store.commit(await erasureOf(open.store, ['ent_values']))
    expect((await verify(open)).wrong).toMatchObject({ expected: '2 emptied values', stands: '1' })
  })
})

test.each([
  ['before the first', -1],
  ['beyond what is counted from 0', -7],
])('finds a leaf %s, by which an entry would seem to be sealed', async (_, index) => {
  const open = await opened()
  await recorded(open, 5)
  await sealed(open)
  const [smuggled] = await recorded(open, 1)
  expect(await verify(open), 'control').toMatchObject({ size: 5, wrong: null })

  await tampered(
    open.pool,
    'ALTER TABLE ledger_leaves DROP CONSTRAINT ledger_leaves_index_check',
    `INSERT INTO ledger_leaves (index, entry_id, hash) VALUES (${index}, '${smuggled?.id}', sha256('x'))`,
    'DELETE FROM unsealed_entries',
  )

  expect((await verify(open)).wrong).toMatchObject({
    what: 'There is a leaf that has no place in the tree.',
    expected: '5 leaves, from index 0 to 4',
    stands: `6 leaves, from index ${index} to 4`,
  })
})
