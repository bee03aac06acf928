import { describe, expect, test } from 'vitest'
import { readCheckpoint, signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import { emptyEdge, rootOf } from '../../src/ledger/edge.ts'
import type { NoteSigner } from '../../src/ledger/note.ts'
import { erasureOf, madeLine } from './made.ts'
import { opened } from './opened.ts'
import { beginning, recorded, sealed, signerOf, tampered } from './sealingWorld.ts'
import { byIndex, verify } from './verified.ts'

type Open = Awaited<ReturnType<typeof opened>>

/** A checkpoint as somebody keeps it elsewhere. */
async function keep(open: Open) {
  const { head } = await beginning(open)
  const checkpoint = readCheckpoint(head.checkpoint)
  if (!checkpoint) throw new Error('the head has a checkpoint')
  return { from: `the checkpoint of ${head.size}`, checkpoint }
}

/** A ledger of 600 entries, some with values beside them, and the checkpoints that were kept of it on the way. */
async function standing() {
  const open = await opened()
  const kept = []
  for (const count of [100, 200, 299]) {
    await recorded(open, count)
    await open.store.commit({
      entries: count === 299 ? [madeLine({ id: 'ent_values' }, { reason: 'churn' })] : [],
    })
    await sealed(open)
    kept.push(await keep(open))
  }
  return { open, kept }
}

/**
 * As somebody who has the database: the tree is taken away, and begun anew with the signer, or with a key that is made for it. Nothing
 * waits any more but everything that is recorded.
 */
async function begunAnew({ pool, ledger }: Open, signer: NoteSigner | null) {
  await tampered(
    pool,
    ...['ledger_leaves', 'ledger_nodes', 'unsealed_entries', 'ledger_head'].map(
      (table) => `DELETE FROM ${table}`,
    ),
    ...(signer ? [] : ['DELETE FROM ledger_keys']),
    'INSERT INTO unsealed_entries SELECT position FROM entries',
  )
  if (signer) {
    const root = rootOf(emptyEdge)
    await pool.query('INSERT INTO ledger_head VALUES (true, 1, $1, 0, $2, $3, now())', [
      ...[signer.name, root, signedCheckpoint({ size: 0, root }, signer)],
    ])
  }
  await sealed({ ledger })
}

describe('rewrite: found in the database, whoever did it', () => {
  test('control: an untouched ledger verifies, with the checkpoints that were kept and with its key', async () => {
    const { open, kept } = await standing()
    await recorded(open, 5) // what waits is no fault
    const { key } = await beginning(open)

    expect(await verify(open)).toEqual({ size: 600, wrong: null })
    expect(await verify(open, kept)).toEqual({ size: 600, wrong: null })
    expect(await verify(open, kept, { name: key.origin, publicKey: key.publicKey })).toMatchObject({
      wrong: null,
    })
  })

  test.each([
    [
      'an entry was edited',
      [`UPDATE entries SET text = replace(text, 'agt_1', 'agt_2') WHERE id = ${byIndex(300)}`],
      { index: 300, what: 'An entry is not what was sealed.', stands: expect.stringContaining('agt_2') },
    ],
    [
      'an entry was edited, and the hash of its leaf with it',
      [
        `UPDATE entries SET text = replace(text, 'agt_1', 'agt_2') WHERE id = ${byIndex(300)}`,
        `UPDATE ledger_leaves SET hash = sha256('\\x00'::bytea || convert_to((SELECT replace(text, ',"subject":{',
          ',"seq":300,"subject":{') FROM entries WHERE id = entry_id), 'UTF8')) WHERE index = 300`,
      ],
      { what: 'The hash over the entries 256 to 511 is not what those entries give.' },
    ],
    [
      'an entry was deleted',
      [`DELETE FROM entries WHERE id = ${byIndex(300)}`],
      { index: 300, what: 'An entry is gone.' },
    ],
    [
      'an entry was deleted with its leaf',
      [`DELETE FROM entries WHERE id = ${byIndex(300)}`, 'DELETE FROM ledger_leaves WHERE index = 300'],
      { index: 300, what: 'An index is missing from the tree.' },
    ],
    [
      'two entries changed places',
      [
        'CREATE TABLE places AS SELECT index, entry_id FROM ledger_leaves WHERE index IN (300, 301)',
        "UPDATE ledger_leaves SET entry_id = 'nobody' || index WHERE index IN (300, 301)",
        'UPDATE ledger_leaves AS leaf SET entry_id = places.entry_id FROM places WHERE places.index = 601 - leaf.index',
      ],
      { index: 300, what: 'An entry is not what was sealed.' },
    ],
    [
      'an entry was put in, past the queue',
      [
        `INSERT INTO entries (id, ts, type, subject_kind, subject_id, text) VALUES ('ent_in', now(), 'agent.added', 'agent', 'a', '{}')`,
      ],
      { entry: 'ent_in', what: expect.stringMatching(/not in the tree/) },
    ],
    [
      'what waits is gone from the record',
      ['INSERT INTO unsealed_entries VALUES (9999)'],
      {
        entry: null,
        what: expect.stringMatching(/gone from the record/),
        expected: 'an entry at position 9999',
      },
    ],
    [
      'what waits has another text than that of an entry',
      [
        `INSERT INTO entries (id, ts, type, subject_kind, subject_id, text) VALUES ('ent_in', now(), 'agent.added', 'agent', 'a', '{}')`,
        `INSERT INTO unsealed_entries SELECT position FROM entries WHERE id = 'ent_in'`,
      ],
      { entry: 'ent_in', what: expect.stringMatching(/has not the text of an entry/) },
    ],
    [
      'an entry waits for a second index',
      [`INSERT INTO unsealed_entries SELECT position FROM entries WHERE id = ${byIndex(7)}`],
      {
        entry: expect.stringMatching(/^ent_/),
        what: expect.stringMatching(/waits for its place a second time/),
      },
    ],
    ...(['salt', 'text'] as const).map(
      (half) =>
        [
          `of a value beside an entry the ${half} is gone`,
          [
            'ALTER TABLE entry_blobs DROP CONSTRAINT entry_blobs_erased_check',
            `UPDATE entry_blobs SET ${half} = NULL WHERE entry_id = 'ent_values'`,
          ],
          {
            entry: 'ent_values',
            what: 'The value reason of an entry was changed.',
            stands: 'one of its salt and its text, and not the other',
          },
        ] as [string, string[], object],
    ),
    [
      'a column says something else than its entry',
      [`UPDATE entries SET request_id = 'req_other' WHERE id = ${byIndex(7)}`],
      { index: 7, what: 'The column request_id is not what its entry says.', stands: 'req_other' },
    ],
    [
      'a value beside an entry was changed',
      [`UPDATE entry_blobs SET text = convert_to('other', 'UTF8') WHERE entry_id = 'ent_values'`],
      { entry: 'ent_values', what: 'The value reason of an entry was changed.' },
    ],
    [
      'a value beside an entry is gone',
      [`DELETE FROM entry_blobs WHERE entry_id = 'ent_values'`],
      { entry: 'ent_values', what: 'The value reason of an entry is gone.' },
    ],
    [
      'a value was emptied by whoever switched the triggers off',
      ['UPDATE entry_blobs SET salt = NULL, text = NULL'],
      {
        what: 'Values were emptied that no entry about an erasure or about retention accounts for.',
        expected: '0 emptied values',
        stands: '1',
      },
    ],
    [
      'a hash of the tree was changed',
      [`UPDATE ledger_nodes SET hash = sha256('x') WHERE index = 1`],
      { what: 'The hash over the entries 256 to 511 is not what those entries give.' },
    ],
    [
      'a hash was added',
      [`INSERT INTO ledger_nodes VALUES (3, 0, sha256('x'))`],
      { what: expect.stringMatching(/more hashes/) },
    ],
    [
      'the head was changed',
      [`UPDATE ledger_head SET root = sha256('x')`],
      { what: 'The entries do not give the head that was signed.' },
    ],
    [
      'the checkpoint was changed',
      [`UPDATE ledger_head SET checkpoint = replace(checkpoint, '600', '601')`],
      { what: 'The newest checkpoint was not signed with the key of the ledger.' },
    ],
    [
      'the end was cut off',
      ['DELETE FROM ledger_leaves WHERE index >= 590', 'DELETE FROM entries WHERE position > 590'],
      { what: 'The entries do not give the head that was signed.' },
    ],
  ])('%s', async (_, statements, wrong) => {
    const { open } = await standing()
    await tampered(open.pool, ...statements)

    expect(await verify(open)).toMatchObject({ wrong })
  })

  test('an erased value is none', async () => {
    const { open, kept } = await standing()
    await open.store.commit(await erasureOf(open.store, ['ent_values']))

    expect(await verify(open, kept)).toEqual({ size: 600, wrong: null })
    await sealed(open)
    expect(await verify(open, kept)).toEqual({ size: 601, wrong: null })
  })
})

describe('rewrite: found by a checkpoint that was kept elsewhere, and by nothing else', () => {
  test('the end was cut off, and the head put back to one that was signed once', async () => {
    const { open, kept } = await standing()
    const [, older] = kept
    await tampered(
      open.pool,
      'DELETE FROM ledger_leaves WHERE index >= 300',
      'DELETE FROM ledger_nodes WHERE index >= 1',
      'DELETE FROM entries WHERE position > 300',
    )
    const { text, signatures } = older?.checkpoint.note ?? { text: '', signatures: [] }
    const lines = signatures.map(({ name, bytes }) => `— ${name} ${bytes.toString('base64')}\n`)
    const client = await open.pool.connect()
    await client.query('SET session_replication_role = replica')
    await client.query('UPDATE ledger_head SET size = 300, root = $1, checkpoint = $2', [
      older?.checkpoint.root,
      `${text}\n${lines.join('')}`,
    ])
    await client.query('SET session_replication_role = origin')
    client.release()

    expect(await verify(open)).toEqual({ size: 300, wrong: null }) // control: in itself it fits
    expect(await verify(open, kept)).toMatchObject({
      wrong: {
        index: 300,
        what: expect.stringMatching(/shorter .* checkpoint of 600/),
        expected: '600 entries',
      },
    })
  })

  test('the whole log was built anew with the same key, one entry of it changed', async () => {
    const { open, kept } = await standing()
    const signer = await signerOf(open)
    await tampered(
      open.pool,
      `UPDATE entries SET text = replace(text, 'agt_1', 'agt_2') WHERE id = ${byIndex(250)}`,
    )
    await begunAnew(open, signer)

    expect(await verify(open, [], signer)).toEqual({ size: 600, wrong: null }) // control: in itself it fits, key and all
    expect(await verify(open, kept)).toMatchObject({
      wrong: {
        what: expect.stringMatching(/its first 300 entries are not .* one of the indexes 100 to 299/),
      },
    })
  })

  test('the whole log was built anew with a key of somebody else', async () => {
    const { open, kept } = await standing()
    const { key } = await beginning(open)
    await begunAnew(open, null)

    expect(await verify(open)).toEqual({ size: 600, wrong: null }) // control
    expect(await verify(open, kept)).toMatchObject({
      wrong: { what: expect.stringMatching(/not signed with the key/) },
    })
    expect(await verify(open, [], { name: key.origin, publicKey: key.publicKey })).toMatchObject({
      wrong: { what: 'The ledger has another key.' },
    })
  })

  test('a checkpoint of another ledger is said to be one', async () => {
    const [{ open }, other] = [await standing(), await opened()]
    const foreign = await keep(other)
    const checkpoint = { ...foreign.checkpoint, origin: 'other.test/ledger' }

    expect(await verify(open, [{ ...foreign, checkpoint }])).toMatchObject({
      wrong: { what: expect.stringMatching(/is of another ledger/), expected: 'other.test/ledger' },
    })
  })
})
