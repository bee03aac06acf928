import { describe, expect, test } from 'vitest'
import { erasureOf, madeLine } from './made.ts'
import { opened } from './opened.ts'
import { recorded, sealed, tampered } from './sealingWorld.ts'
import { byIndex, verify } from './verified.ts'

describe('what is read by whole pages, over several connections', () => {
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
  ])('finds whoever changed %s', async (_, statement, what) => {
    const { open } = await large()
    await tampered(
      open.pool,
      'ALTER TABLE ledger_leaves DROP CONSTRAINT IF EXISTS ledger_leaves_hash_check',
      statement,
    )

    const { wrong } = await verify(open)

    expect(wrong).toMatchObject({ what, index: 1_100 })
  })

  test.each([
    ["text = 'no'", 'The value reason of an entry was changed.'],
    ['salt = NULL', 'The value reason of an entry was changed.'],
    ["sha256_salted = 'ab'", 'The value reason of an entry is recorded as another.'],
    ["name = E'reason\\x01'", 'The value reason of an entry is gone.'],
    ["name = E'reason\\n'", 'The value reason of an entry is gone.'],
    ['bytes = bytes + 1', 'The value reason of an entry is recorded as another.'],
  ])('finds a value of which somebody set %s', async (change, what) => {
    const { open, values } = await large()
    await tampered(
      open.pool,
      'ALTER TABLE entry_blobs DROP CONSTRAINT entry_blobs_erased_check',
      `UPDATE entry_blobs SET ${change}`,
    )

    expect((await verify(open)).wrong).toMatchObject({ what, index: values, entry: 'ent_values' })
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
})
