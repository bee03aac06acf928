import type { Pool, PoolClient } from 'pg'
import type { BesideEntries } from '../../approvals/evidence/besideEntries.ts'
import type { About, LedgerRecords } from '../../approvals/evidence/records.ts'
import { TreeFault } from '../../approvals/ledger/ledgerStore.ts'
import type { KeptLedger } from '../../approvals/ledger/verifyLedger.ts'
import type { PolicyVersion } from '../../approvals/records.ts'
import type { IndexRange, Recorded } from '../../evidence/recorded.ts'
import { standingTypes } from '../../evidence/tables.ts'
import type { Entry } from '../../ledger/entry.ts'
import { leafText } from '../../ledger/leaf.ts'
import type { Log } from '../log.ts'
import { besideOf } from './besideEntries.ts'
import { asOfOneMoment, keptLedger } from './keptLedger.ts'

/** Entries read at a time; one has at most 64 KiB. */
const pageSize = 500
/** Bytes of values that are held with them, unless those of one entry are more. */
const mostBytes = 8 * 1_024 * 1_024

/** A ledger and its records, as of one moment. */
export interface ReadableLedger {
  readonly ledger: KeptLedger
  readonly records: LedgerRecords
  readonly beside: BesideEntries
  /** A policy as it was judged by, by the digest of the bundle or of its files. */
  policy(digest: string): Promise<PolicyVersion | null>
}

/**
 * The ledger of a database with everything that is recorded, for whoever only reads it, all as of one moment. Null where there is none.
 *
 * @throws StoreFault as `connect` does
 */
export function withRecords<T>(
  on: { readonly databaseUrl: string; readonly log: Log },
  work: (found: ReadableLedger | null) => Promise<T>,
): Promise<T> {
  return asOfOneMoment(on, async (client) => {
    const ledger = await keptLedger(client)
    return work(
      ledger && {
        ledger,
        records: recordsOf(client),
        beside: besideOf(client, (where) => leavesWhere(client, where, [])),
        policy: (digest) => policyOf(client, digest),
      },
    )
  })
}

async function policyOf(client: PoolClient, digest: string): Promise<PolicyVersion | null> {
  const { rows } = await client.query<PolicyVersion>(
    `SELECT digest, files_digest AS "filesDigest", name, files FROM policy_versions
     WHERE files_digest = $1 OR digest = $1 ORDER BY files_digest LIMIT 1`,
    [digest],
  )
  return rows[0] ?? null
}

/** The `LedgerRecords` port, inside a transaction that is open: what is about somebody is read through a cursor of it. */
function recordsOf(client: PoolClient): LedgerRecords {
  return {
    pages: (range, about) =>
      about ? chosen(client, inRange(about), [range.from, range.to, about.id]) : recordedPages(client, range),
    earlier: (range, about) =>
      chosen(client, beforeRange(about), [range.from, range.to, about ? about.id : standingTypes]),
    ofEach: (range, about) =>
      byRequest(chosen(client, eachInRange(about), [range.from, range.to, ...(about ? [about.id] : [])])),
    ofRequest: (request, below) => leavesWhere(client, 'request_id = $1 AND index < $2', [request, below]),
    async rangeOf({ since, until }) {
      const { rows } = await client.query<{ from: string | null; to: string | null }>(
        `SELECT min(index) AS from, max(index) + 1 AS to FROM ledger_leaves JOIN entries ON id = entry_id
         WHERE ts >= $1::timestamptz AND ts < $2::timestamptz`,
        [since, until],
      )
      const { from = null, to = null } = rows[0] ?? {}
      if (from !== null && to !== null) return { from: Number(from), to: Number(to) }
      const before = await client.query<{ at: string }>(
        `SELECT coalesce(max(index) + 1, 0) AS at FROM ledger_leaves JOIN entries ON id = entry_id WHERE ts < $1::timestamptz`,
        [since],
      )
      const at = Number(before.rows[0]?.at ?? 0)
      return { from: at, to: at }
    },
  }
}

async function leavesWhere(
  client: PoolClient,
  where: string,
  values: readonly unknown[],
): Promise<readonly Recorded[]> {
  const { rows } = await client.query<LeafRow>(`${leaves} WHERE ${where} ORDER BY index`, [...values])
  const found: Recorded[] = []
  for await (const page of withValues(client, rows)) found.push(...page)
  return found
}

/** Everything of a range, by index, with or without a transaction: whoever follows the ledger as it grows reads it so. */
export async function* recordedPages(
  on: Pool | PoolClient,
  { from, to }: IndexRange,
): AsyncGenerator<readonly Recorded[], void> {
  for (let next = from; next < to; ) {
    const end = Math.min(next + pageSize, to)
    const { rows } = await on.query<LeafRow>(`${leaves} WHERE index >= $1 AND index < $2 ORDER BY index`, [
      next,
      end,
    ])
    if (rows.length === 0) return
    for (const [nth, { index }] of rows.entries())
      if (Number(index) !== next + nth)
        throw new TreeFault(`the index ${next + nth} is missing from the tree`)
    yield* withValues(on, rows)
    next += rows.length
  }
}

interface LeafRow {
  readonly index: string
  readonly id: string
  readonly text: string | null
}

const leaves = `SELECT index, entry_id AS id, text FROM ledger_leaves LEFT JOIN entries ON id = entry_id`

/** Who the person was before their accounts were joined is looked up: entries name people as they were then. */
const names: Readonly<Record<About['kind'], string>> = {
  request: `SELECT entry.id FROM entries AS entry WHERE entry.request_id = $3`,
  agent: `SELECT entry.id FROM entries AS entry WHERE strpos(entry.text, '"' || $3 || '"') > 0`,
  person: `SELECT entry.id FROM entries AS entry WHERE EXISTS (
    WITH RECURSIVE named (id) AS (
      VALUES ($3::text)
      UNION SELECT was.text::json -> 'data' ->> 'from' FROM entries AS was, named
      WHERE was.type = 'person.linked' AND was.subject_kind = 'person' AND was.subject_id = named.id
    ) SELECT FROM named WHERE strpos(entry.text, '"' || named.id || '"') > 0)`,
}

/** Whatever names them, and all of each request that does. */
function naming(about: About): string {
  return `WITH naming AS MATERIALIZED (${names[about.kind]}),
    asked AS MATERIALIZED (SELECT DISTINCT request_id FROM entries WHERE request_id IS NOT NULL AND id IN (SELECT id FROM naming))`
}

const about = `(entry_id IN (SELECT id FROM naming) OR request_id IN (SELECT request_id FROM asked))`

function inRange(of: About): string {
  return `${naming(of)} ${leaves} WHERE index >= $1 AND index < $2 AND ${about} ORDER BY index`
}

function beforeRange(of: About | undefined): string {
  const within = `SELECT DISTINCT entries.request_id FROM ledger_leaves AS within JOIN entries ON entries.id = within.entry_id
    WHERE within.index >= $1 AND within.index < $2 AND entries.request_id IS NOT NULL`
  return of
    ? `${naming(of)} ${leaves} WHERE index < $1 AND request_id IN (${within} INTERSECT SELECT request_id FROM asked) ORDER BY index`
    : `${leaves} WHERE index < $1 AND (type = ANY ($3) OR request_id IN (${within})) ORDER BY index`
}

function eachInRange(of: About | undefined): string {
  const only = of ? 'AND entries.request_id IN (SELECT request_id FROM asked)' : ''
  return `${of ? `${naming(of)},` : 'WITH'} within AS MATERIALIZED (
      SELECT entries.request_id, min(index) AS first FROM ledger_leaves JOIN entries ON id = entry_id
      WHERE index >= $1 AND index < $2 AND entries.request_id IS NOT NULL ${only} GROUP BY entries.request_id)
    SELECT index, entry_id AS id, text FROM within JOIN entries USING (request_id) JOIN ledger_leaves ON entry_id = entries.id
    WHERE index < $2 ORDER BY first, index`
}

/** One request after the other, each whole. */
async function* byRequest(
  pages: AsyncIterable<readonly Recorded[]>,
): AsyncGenerator<readonly Recorded[], void> {
  let one: Recorded[] = []
  for await (const page of pages)
    for (const recorded of page) {
      if (one[0] && one[0].entry.request !== recorded.entry.request) {
        yield one
        one = []
      }
      one.push(recorded)
    }
  if (one.length > 0) yield one
}

let cursors = 0

async function* chosen(
  client: PoolClient,
  query: string,
  values: readonly unknown[],
): AsyncGenerator<readonly Recorded[], void> {
  cursors += 1
  const cursor = `records_${cursors}`
  await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`, [...values])
  try {
    for (;;) {
      const { rows } = await client.query<LeafRow>(`FETCH ${pageSize} FROM ${cursor}`)
      if (rows.length === 0) return
      yield* withValues(client, rows)
    }
  } finally {
    await client.query(`CLOSE ${cursor}`).catch(() => undefined)
  }
}

interface BlobRow {
  readonly entry_id: string
  readonly name: string
  readonly salt: Buffer | null
  readonly text: Buffer | null
}

/** A page in as many pieces as its values need. */
async function* withValues(
  on: Pool | PoolClient,
  rows: readonly LeafRow[],
): AsyncGenerator<readonly Recorded[], void> {
  let piece: Leaf[] = []
  let bytes = 0
  for (const row of rows) {
    const leaf = leafOf(row)
    const more = leaf.entry.blobs.reduce((sum, blob) => sum + blob.bytes, 0)
    if (piece.length > 0 && bytes + more > mostBytes) {
      yield await valued(on, piece)
      piece = []
      bytes = 0
    }
    piece.push(leaf)
    bytes += more
  }
  if (piece.length > 0) yield await valued(on, piece)
}

type Leaf = Pick<Recorded, 'index' | 'leaf' | 'entry'>

function leafOf({ index, id, text }: LeafRow): Leaf {
  if (text === null) throw new TreeFault(`the entry ${id} at index ${index} is gone`)
  // Written by `entryText`, append-only.
  return { index: Number(index), leaf: leafText(text, Number(index)), entry: JSON.parse(text) as Entry }
}

async function valued(on: Pool | PoolClient, piece: readonly Leaf[]): Promise<readonly Recorded[]> {
  const ids = piece.flatMap(({ entry }) => (entry.blobs.length > 0 ? [entry.id] : []))
  const { rows } = await on.query<BlobRow>(
    'SELECT entry_id, name, salt, text FROM entry_blobs WHERE entry_id = ANY ($1)',
    [ids],
  )
  const beside = new Map<string, Map<string, BlobRow>>()
  for (const row of rows) {
    const of = beside.get(row.entry_id) ?? new Map<string, BlobRow>()
    beside.set(row.entry_id, of.set(row.name, row))
  }
  return piece.map((leaf) => {
    const blobs: Record<string, string | null> = {}
    const salts: Record<string, string | null> = {}
    for (const { name } of leaf.entry.blobs) {
      const row = beside.get(leaf.entry.id)?.get(name)
      if (!row) throw new TreeFault(`the value ${name} of the entry at index ${leaf.index} is gone`)
      blobs[name] = row.text?.toString('utf8') ?? null
      salts[name] = row.salt?.toString('base64') ?? null
    }
    return { ...leaf, blobs, salts }
  })
}
