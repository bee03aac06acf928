import type { ClientBase, Pool } from 'pg'
import type { KeptLedger } from '../../approvals/ledger/verifyLedger.ts'

/** What single entries and their proofs are made of. */
export function singleReads(client: Pool | ClientBase): Pick<KeptLedger, 'leaf' | 'run' | 'about' | 'seen'> {
  return {
    async leaf(entry) {
      const { rows } = await client.query<{ index: string; text: string }>(
        'SELECT index, text FROM ledger_leaves JOIN entries ON id = entry_id WHERE entry_id = $1',
        [entry],
      )
      const [row] = rows
      return row ? { index: Number(row.index), text: row.text } : null
    },
    async run({ level, index, count }) {
      const from = level === 0 ? 'ledger_leaves WHERE $1 = 0' : 'ledger_nodes WHERE level = $1'
      const { rows } = await client.query<{ hash: Buffer }>(
        `SELECT hash FROM ${from} AND index >= $2 AND index < $3 ORDER BY index`,
        [level, index, index + count],
      )
      return rows.map(({ hash }) => hash)
    },
    async seen(entries) {
      const { rows } = await client.query<{ entry: string; text: Buffer | null }>(
        "SELECT entry_id AS entry, text FROM entry_blobs WHERE entry_id = ANY ($1) AND name = 'seen'",
        [entries],
      )
      return new Map(rows.map(({ entry, text }) => [entry, text?.toString() ?? null]))
    },
    async about(request) {
      const { rows } = await client.query<{ index: string | null; entry: string; text: string }>(
        `SELECT index, id AS entry, text FROM entries LEFT JOIN ledger_leaves ON entry_id = id
         WHERE request_id = $1 ORDER BY position`,
        [request],
      )
      return rows.map((row) => ({ ...row, index: row.index === null ? null : Number(row.index) }))
    },
  }
}
