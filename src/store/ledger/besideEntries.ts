import type { PoolClient } from 'pg'
import type { AnchoredLine, BesideEntries } from '../../approvals/evidence/besideEntries.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Recorded } from '../../evidence/recorded.ts'

/** Rows read at a time: one has a checkpoint, and what the anchor gave for it. */
const pageSize = 500

/** The `BesideEntries` port, inside a transaction that is open. `leavesOf` reads entries by a condition. */
export function besideOf(
  client: PoolClient,
  leavesOf: (where: string) => Promise<readonly Recorded[]>,
): BesideEntries {
  return {
    resumptions: () => leavesOf(`type = 'ledger.resumed'`),
    anchored: ({ from, to }) => anchored(client, { from, to }),
    async grantKeys() {
      const { rows } = await client.query<{ jwk: JsonObject }>(
        'SELECT public_jwk AS jwk FROM signing_keys ORDER BY created_at, id',
      )
      return rows.map(({ jwk }) => jwk)
    },
  }
}

interface Row extends Omit<AnchoredLine, 'size' | 'at'> {
  readonly position: string
  readonly size: string
  readonly at: Date
}

async function* anchored(
  client: PoolClient,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<AnchoredLine, void> {
  for (let [size, position] = [from, 0]; ; ) {
    const { rows } = await client.query<Row>(
      `SELECT position, anchor, kind, origin, size, at, checkpoint, evidence FROM anchored_checkpoints
       WHERE size <= $1 AND (size, position) > ($2, $3) ORDER BY size, position LIMIT $4`,
      [to, size, position, pageSize],
    )
    for (const { position: _, ...row } of rows)
      yield { ...row, size: Number(row.size), at: row.at.toISOString() }
    const last = rows.at(-1)
    if (!last) return
    ;[size, position] = [Number(last.size), Number(last.position)]
  }
}
