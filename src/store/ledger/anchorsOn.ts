import type { Pool } from 'pg'
import type {
  AnchoredCheckpoint,
  AnchorStore,
  RecordedAnchored,
} from '../../approvals/ledger/anchors/anchorStore.ts'
import { emptyEdge, rootOf } from '../../ledger/edge.ts'
import { firstNameOf } from '../../ledger/origins.ts'
import { consistencySpans, type Run, runsOf, type Span, spanHash } from '../../ledger/proofs.ts'
import { type Resumption, resumptionIn } from '../../ledger/resumption.ts'
import { unavailableIn } from '../unavailable.ts'
import { readLedger, strangersTo } from './readLedger.ts'

/** The `AnchorStore` port on PostgreSQL. */
export function anchorsOn(pool: Pool): AnchorStore {
  return {
    tree: () => told(() => tree(pool)),
    rootAt: (size) =>
      told(async () => (size === 0 ? rootOf(emptyEdge) : hashOf(pool, { from: 0, to: size }))),
    resumptions: () => told(() => resumptions(pool)),
    consistency: (older, size) =>
      told(async () => {
        const hashes: Buffer[] = []
        for (const span of consistencySpans(older, size)) hashes.push(await hashOf(pool, span))
        return hashes
      }),
    newest: () => told(() => newest(pool)),
    record: (taken) => told(() => record(pool, taken)),
    behind: () => told(() => behind(pool)),
    recordBehind: ({ anchor, checkpoint }) =>
      told(async () => {
        await pool.query(
          `INSERT INTO ledger_behind (origin, anchor, checkpoint) SELECT origin, $1, $2 FROM ledger_head ON CONFLICT DO NOTHING`,
          [anchor, checkpoint],
        )
      }),
    takeTurn: (anchor, seconds) =>
      told(async () => {
        // Nobody has a turn that ends later than one that begins now: such a row is not ours, and keeps nobody out.
        const { rows } = await pool.query<{ turn: string }>(
          `INSERT INTO anchor_turns AS turn (anchor, until) VALUES ($1, clock_timestamp() + make_interval(secs => $2))
           ON CONFLICT (anchor) DO UPDATE SET until = excluded.until
           WHERE turn.until < clock_timestamp() OR turn.until > clock_timestamp() + make_interval(secs => $2 + 1)
           RETURNING until::text AS turn`,
          [anchor, seconds],
        )
        return rows[0]?.turn ?? null
      }),
    endTurn: (anchor, turn) =>
      told(async () => {
        await pool.query(
          "UPDATE anchor_turns SET until = '-infinity' WHERE anchor = $1 AND until = $2::timestamptz",
          [anchor, turn],
        )
      }),
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailableIn(error) ?? error
  }
}

async function tree(pool: Pool): ReturnType<AnchorStore['tree']> {
  const found = await readLedger(pool)
  if (!found) return null
  const { head, key } = found
  const first = firstNameOf(head.origin)
  const here = { first, origin: head.origin, size: head.size, root: head.root, publicKey: key.publicKey }
  return { here, checkpoint: head.checkpoint, strangers: await strangersTo({ first }, pool) }
}

/** Of hashes that never change once they are there: read one after the other they are still of one tree. */
async function hashOf(pool: Pool, span: Span): Promise<Buffer> {
  const runs = runsOf(span)
  const hashes = new Map<Run, readonly Buffer[]>()
  for (const run of runs) hashes.set(run, await hashesIn(pool, run))
  return spanHash(runs, (run) => hashes.get(run) ?? [])
}

async function hashesIn(pool: Pool, { level, index, count }: Run): Promise<readonly Buffer[]> {
  const from = level === 0 ? 'ledger_leaves WHERE $1 = 0' : 'ledger_nodes WHERE level = $1'
  const { rows } = await pool.query<{ hash: Buffer }>(
    `SELECT hash FROM ${from} AND index >= $2 AND index < $3 ORDER BY index`,
    [level, index, index + count],
  )
  return rows.map(({ hash }) => hash)
}

async function resumptions(pool: Pool): Promise<readonly Resumption[]> {
  const { rows } = await pool.query<{ index: string; entry: string; text: string }>(
    `SELECT index, id AS entry, text FROM entries JOIN ledger_leaves ON entry_id = id WHERE type = 'ledger.resumed' ORDER BY index`,
  )
  return rows.flatMap((row) => resumptionIn({ ...row, index: Number(row.index) }) ?? [])
}

interface Row extends Omit<RecordedAnchored, 'size' | 'at'> {
  readonly size: string
  readonly at: Date
  readonly agoSeconds: number
}

async function newest(pool: Pool): ReturnType<AnchorStore['newest']> {
  // From one name to the next through the index: the table only grows.
  const { rows } = await pool.query<Row>(
    `WITH RECURSIVE names AS (
       (SELECT anchor FROM anchored_checkpoints ORDER BY anchor LIMIT 1)
       UNION ALL
       SELECT (SELECT next.anchor FROM anchored_checkpoints AS next WHERE next.anchor > names.anchor ORDER BY next.anchor LIMIT 1)
       FROM names WHERE names.anchor IS NOT NULL
     )
     SELECT last.anchor, kind, origin, size, checkpoint, evidence, at,
       CASE WHEN at > clock_timestamp() THEN 'Infinity' ELSE extract(epoch FROM clock_timestamp() - at)::float8 END AS "agoSeconds"
     FROM names, LATERAL (SELECT * FROM anchored_checkpoints AS one WHERE one.anchor = names.anchor ORDER BY position DESC LIMIT 1) AS last
     ORDER BY last.anchor`,
  )
  return new Map(
    rows.map((row) => [row.anchor, { ...row, size: Number(row.size), at: row.at.toISOString() }]),
  )
}

async function behind(pool: Pool): ReturnType<AnchorStore['behind']> {
  const { rows } = await pool.query<{ anchor: string; checkpoint: string; at: Date }>(
    'SELECT anchor, checkpoint, at FROM ledger_behind WHERE origin = (SELECT origin FROM ledger_head)',
  )
  const [row] = rows
  return row ? { ...row, at: row.at.toISOString() } : null
}

async function record(
  pool: Pool,
  { anchor, kind, origin, size, checkpoint, evidence }: AnchoredCheckpoint,
): Promise<void> {
  await pool.query(
    `INSERT INTO anchored_checkpoints (anchor, kind, origin, size, checkpoint, evidence) VALUES ($1, $2, $3, $4, $5, $6)`,
    [anchor, kind, origin, size, checkpoint, JSON.stringify(evidence)],
  )
}
