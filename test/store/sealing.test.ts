import { describe, expect, onTestFinished, test } from 'vitest'
import { sealBatch } from '../../src/approvals/ledger/sealBatch.ts'
import { sealAll, startSealing } from '../../src/approvals/ledger/sealing.ts'
import { functionsVersion } from '../../src/store/functions.ts'
import { ledgerOn } from '../../src/store/ledger/ledgerOn.ts'
import { withClient } from '../support/database.ts'
import { nobodyHears } from '../support/health.ts'
import { opened, openedToServe } from './opened.ts'
import { beginning, expectWholeTree, indexes, recorded, sealed, signerOf, tampered } from './sealingWorld.ts'

type Open = Awaited<ReturnType<typeof opened>>

/** A replica that seals until the test ends. */
async function sealing({ ledger }: Open) {
  const signer = await signerOf({ ledger })
  onTestFinished(startSealing({ ledger, signer, ...nobodyHears }))
  return signer
}

const sizeOf = async (open: Open) => (await beginning(open)).head.size

describe('what is recorded', () => {
  test('gets its index in the order of commits, whatever number of commits a batch holds', async () => {
    const open = await opened()
    const entries = [...(await recorded(open, 3)), ...(await recorded(open, 270))]

    const signer = await sealed(open)

    expect(await expectWholeTree(open.pool, signer)).toBe(273)
    const { rows } = await open.pool.query<{ id: string }>('SELECT id FROM entries ORDER BY position')
    expect((await indexes(open.pool)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(entries.map(({ id }) => id)))
  })

  test('is sealed because it was committed, by whichever replica', async () => {
    const open = await opened()
    const other = await opened(open.databaseUrl)
    const signer = await sealing(other)

    await recorded(open, 5)

    await expect.poll(() => sizeOf(open)).toBe(5)
    await expectWholeTree(open.pool, signer)
  })

  test('late, by a transaction that was open while others were sealed, is not missed', async () => {
    const open = await opened()
    const text =
      '{"data":{},"id":"ent_late","request":null,"subject":{"id":"a","kind":"agent"},"ts":"t","v":1}'
    const insert = `INSERT INTO entries (id, ts, type, subject_kind, subject_id, text)
      VALUES ('ent_late', now(), 'agent.added', 'agent', 'a', '${text}')`
    const signer = await signerOf(open)

    await withClient(open.databaseUrl, async (client) => {
      await client.query(`BEGIN; ${insert}`)
      await recorded(open, 3)
      await sealed(open)
      await client.query('COMMIT')
    })
    await sealed(open)

    expect(await expectWholeTree(open.pool, signer)).toBe(4)
    expect((await indexes(open.pool)).at(-1)).toMatchObject({ id: 'ent_late' })
    const { rows } = await open.pool.query("SELECT position FROM entries WHERE id = 'ent_late'")
    expect(Number(rows[0]?.position)).toBe(1) // control: by its position it would be the first
  })

  test('and rolled back waits for nothing', async () => {
    const open = await opened()
    await withClient(open.databaseUrl, (client) =>
      client.query(`BEGIN; INSERT INTO entries (id, ts, type, subject_kind, subject_id, text)
        VALUES ('ent_1', now(), 'agent.added', 'agent', 'a', '{}'); ROLLBACK`),
    )

    const signer = await sealed(open)

    expect(await expectWholeTree(open.pool, signer)).toBe(0)
  })
})

describe('two-replicas: two that seal at once', () => {
  test('under load give no index twice, leave none out, and make one tree', async () => {
    const open = await opened()
    const other = await opened(open.databaseUrl)
    const [signer] = await Promise.all([sealing(open), sealing(other)])

    for (let nth = 0; nth < 20; nth += 1) await Promise.all([recorded(open, 60), recorded(other, 60)])

    await expect.poll(() => sizeOf(open)).toBe(2_400)
    expect(await expectWholeTree(open.pool, signer)).toBe(2_400)
  })

  test('without waiting for each other: what one has in hand, the other leaves to it', async () => {
    const open = await opened()
    const other = await opened(open.databaseUrl)
    const signer = await signerOf(open)
    await recorded(open, 3)

    await withClient(open.databaseUrl, async (client) => {
      await client.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
      await sealAll({ ledger: other.ledger, signer })
      expect(await sizeOf(other)).toBe(0)
    })
    await sealAll({ ledger: other.ledger, signer })

    expect(await expectWholeTree(open.pool, signer)).toBe(3)
  })

  test('both in the belief that they are alone cannot fork the tree: the second writes nothing', async () => {
    const open = await opened()
    const signer = await sealed(open)
    await recorded(open, 2)
    const stale = (await beginning(open)).head
    const { rows } = await open.pool.query<{ position: string; text: string }>(
      'SELECT position, text FROM entries',
    )
    const waiting = rows.map(({ position, text }) => ({ position: Number(position), text }))
    const batch = sealBatch({ head: stale, edge: [], waiting }, signer)
    await sealed(open)
    const write = () =>
      open.pool.query('SELECT countersign_seal($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
        ...[functionsVersion, stale.version, batch.root, batch.checkpoint, batch.positions, batch.hashes],
        ...[[], [], []],
      ])

    await expect(write()).rejects.toThrow(/is not version 1 any more/)
    await tampered(open.pool, 'UPDATE ledger_head SET version = 1')
    await expect(write()).rejects.toThrow(/0 of 2 entries wait/) // nor when the version does not tell
    await tampered(open.pool, 'INSERT INTO unsealed_entries SELECT position FROM entries')
    await expect(write()).rejects.toThrow(/ledger_leaves_entry_id_key|ledger_leaves_pkey/)
  })

  test('begin with one key and one name', async () => {
    const open = await opened()
    const other = await opened(open.databaseUrl)

    const signers = await Promise.all([open, other, open, other].map(signerOf))

    expect(new Set(signers.map(({ publicKey }) => publicKey.toString('hex'))).size).toBe(1)
    expect((await open.pool.query('SELECT FROM ledger_keys')).rowCount).toBe(1)
  })
})

describe('kill-anywhere: whoever dies, or loses the database, at any step', () => {
  const steps = ['BEGIN', 'the head', 'the edge', 'what waits', 'the batch', 'COMMIT'].map(
    (step, nth) => [step, nth + 1] as const,
  )

  test.each(
    steps.flatMap(([step, nth]) => (['before', 'after'] as const).map((when) => [when, step, nth] as const)),
  )('%s %s leaves nothing half, and the next goes on', async (when, _step, nth) => {
    const open = await opened()
    const signer = await sealed(open)
    await recorded(open, 260)
    const dying = ledgerOn(diesAt(open, nth, when), { watchAll: () => () => undefined })

    await expect(sealAll({ ledger: dying, signer })).rejects.toThrow()
    const left = await expectWholeTree(open.pool, signer)
    await sealed(open)

    expect(left).toBe(nth === 6 && when === 'after' ? 260 : 0)
    expect(await expectWholeTree(open.pool, signer)).toBe(260)
  })

  /** The pool, whose sessions are cut at the nth statement: before it is sent, or after it was answered. */
  function diesAt({ pool }: Open, nth: number, when: 'before' | 'after'): Open['pool'] {
    return new Proxy(pool, {
      get(target, name) {
        if (name !== 'connect') {
          const member = Reflect.get(target, name)
          return typeof member === 'function' ? member.bind(target) : member
        }
        return async () => {
          const client = await target.connect()
          let sent = 0
          const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
          client.query = (async (...args: unknown[]) => {
            sent += 1
            if (sent < nth) return query(...args)
            if (when === 'after') await query(...args)
            // The pool may give it out again before it notices: then it is asked as any other, and answers that it is gone.
            client.query = query as typeof client.query
            // As when the process is gone: its connection is, too.
            await target.query('SELECT pg_terminate_backend($1, 5000)', [Reflect.get(client, 'processID')])
            throw new Error('killed')
          }) as typeof client.query
          return client
        }
      },
    })
  }
})

describe('the role that serves', () => {
  test('seals, and can neither change nor remove what is sealed', async () => {
    const open = await openedToServe()
    await recorded(open, 258)

    const signer = await sealed(open)

    expect(await expectWholeTree(open.pool, signer)).toBe(258)
    for (const sql of [
      'UPDATE ledger_leaves SET hash = hash',
      'DELETE FROM ledger_leaves',
      'TRUNCATE ledger_leaves',
      'UPDATE ledger_nodes SET hash = hash',
      'DELETE FROM ledger_nodes',
      'DELETE FROM ledger_head',
      'UPDATE ledger_keys SET public_key = sha256(public_key)',
      'DELETE FROM ledger_keys',
      'UPDATE unsealed_entries SET position = position',
    ])
      await expect(open.pool.query(sql), sql).rejects.toThrow(/permission denied/)
  })

  test('nor can the role that owns the tables, by mistake', async () => {
    const open = await opened()
    await recorded(open, 258)
    await sealed(open)

    for (const sql of [
      'UPDATE ledger_leaves SET hash = hash',
      'DELETE FROM ledger_leaves',
      'TRUNCATE ledger_leaves',
      'UPDATE ledger_nodes SET hash = hash',
      'TRUNCATE ledger_nodes',
      'DELETE FROM ledger_head',
      'TRUNCATE ledger_head',
      'UPDATE ledger_keys SET public_key = sha256(public_key)',
      'DELETE FROM ledger_keys',
      'TRUNCATE ledger_keys',
      'TRUNCATE unsealed_entries',
    ])
      await expect(open.pool.query(sql), sql).rejects.toThrow(/append-only/)
    await expect(
      open.pool.query('UPDATE ledger_head SET version = version + 1, size = size - 1'),
    ).rejects.toThrow(/only grows/)
    await expect(open.pool.query('UPDATE ledger_head SET root = root')).rejects.toThrow(
      /one version at a time/,
    )
  })
})
