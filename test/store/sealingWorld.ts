import type { Pool } from 'pg'
import { expect } from 'vitest'
import { beginLedger } from '../../src/approvals/ledger/beginLedger.ts'
import type { LedgerStore } from '../../src/approvals/ledger/ledgerStore.ts'
import { sealAll } from '../../src/approvals/ledger/sealing.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { canonical } from '../../src/core/canonical.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { isSignedBy, type NoteSigner } from '../../src/ledger/note.ts'
import { tileWidth } from '../../src/ledger/tile.ts'
import { naiveLeaf, naiveRoot } from '../ledger/naiveTree.ts'
import { testSealer } from '../support/testSealer.ts'
import { madeLine } from './made.ts'

type OfLedger = { readonly ledger: LedgerStore }

const origin = 'acme.test/ledger'

export function signerOf({ ledger }: OfLedger): Promise<NoteSigner> {
  return beginLedger({ ledger, sealer: testSealer }, origin)
}

/** The head and the key that there are, or those of a first start. */
export async function beginning({ ledger }: OfLedger) {
  await signerOf({ ledger })
  return ledger.begin(() => {
    throw new Error('there is one')
  })
}

/** Everything that waits is sealed. Resolves to what signs. */
export async function sealed({ ledger }: OfLedger): Promise<NoteSigner> {
  const signer = await signerOf({ ledger })
  await sealAll({ ledger, signer })
  return signer
}

/** Entries of so many commits, in their order; many share one batch. */
export async function recorded({ store }: { readonly store: Pick<Store, 'commit'> }, count: number) {
  const lines = Array.from({ length: count }, () => madeLine())
  await Promise.all(lines.map((line) => store.commit({ entries: [line] })))
  return lines.map(({ entry }) => entry)
}

/** The index of every entry, by index. */
export async function indexes(pool: Pool) {
  const { rows } = await pool.query<{ index: string; id: string; text: string; hash: Buffer }>(
    `SELECT index, entry_id AS id, text, hash FROM ledger_leaves JOIN entries ON id = entry_id ORDER BY index`,
  )
  return rows
}

/**
 * What must be true of the tree at every moment, by RFC 6962 and nothing of ours: indexes without a gap, each entry once, the leaves
 * those of the entries, the root signed over them, and each other entry waiting.
 */
export async function expectWholeTree(pool: Pool, signer: NoteSigner): Promise<number> {
  const leaves = await indexes(pool)
  const { rows } = await pool.query<{ checkpoint: string; size: string; entries: string; waiting: string }>(
    `SELECT checkpoint, size, (SELECT count(*) FROM entries) AS entries, (SELECT count(*) FROM unsealed_entries) AS waiting
     FROM ledger_head`,
  )
  const head = readCheckpoint(rows[0]?.checkpoint ?? '')
  const hashes = leaves.map(({ text }, seq) =>
    naiveLeaf(Buffer.from(canonical({ ...JSON.parse(text), seq }))),
  )

  expect(leaves.map(({ index }) => Number(index))).toEqual(leaves.map((_, seq) => seq))
  expect(new Set(leaves.map(({ id }) => id)).size).toBe(leaves.length)
  expect(leaves.map(({ hash }) => hash.toString('hex'))).toEqual(hashes.map((hash) => hash.toString('hex')))
  expect(head).toMatchObject({ origin, size: leaves.length, root: naiveRoot(hashes) })
  expect(head && isSignedBy(head.note, signer)).toBe(true)
  expect(Number(rows[0]?.size)).toBe(leaves.length)
  expect(Number(rows[0]?.entries)).toBe(leaves.length + Number(rows[0]?.waiting))
  await expectNodes(pool, hashes)
  return leaves.length
}

async function expectNodes(pool: Pool, hashes: readonly Buffer[]): Promise<void> {
  const { rows } = await pool.query<{ level: number; index: string; hash: Buffer }>(
    'SELECT level, index, hash FROM ledger_nodes ORDER BY level, index',
  )
  const above = Array.from({ length: Math.floor(hashes.length / tileWidth) }, (_, index) => ({
    level: 1,
    index: String(index),
    hash: naiveRoot(hashes.slice(index * tileWidth, (index + 1) * tileWidth)),
  }))
  expect(rows).toEqual(above)
}

/** As somebody who owns the database: with its triggers off. */
export async function tampered(pool: Pool, ...statements: readonly string[]): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SET session_replication_role = replica')
    for (const statement of statements) await client.query(statement)
    await client.query('SET session_replication_role = origin')
  } finally {
    client.release()
  }
}
