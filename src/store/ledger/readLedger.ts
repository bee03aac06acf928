import type { ClientBase, Pool } from 'pg'
import type { LedgerHead, LedgerKey } from '../../approvals/ledger/ledgerStore.ts'
import type { LedgerNames } from '../../ledger/origins.ts'

/** Every number of the tree is below 2^53; the driver gives bigint as text. */
export interface HeadRow {
  readonly version: number
  readonly origin: string
  readonly size: string
  readonly root: Buffer
  readonly checkpoint: string
  readonly signed_at: Date
}

export const headColumns = 'version, origin, size, root, checkpoint, signed_at'

export function headOf({ size, signed_at, ...row }: HeadRow): LedgerHead {
  return { ...row, size: Number(size), signedAt: signed_at.toISOString() }
}

/** The newest head and what it is signed with; null before the first start. */
export async function readLedger(
  on: Pool | ClientBase,
): Promise<{ readonly head: LedgerHead; readonly key: LedgerKey } | null> {
  const heads = await on.query<HeadRow>(`SELECT ${headColumns} FROM ledger_head`)
  const [head] = heads.rows
  const keys = await on.query<LedgerKey>(
    `SELECT id, origin, public_key AS "publicKey", sealed FROM ledger_keys ORDER BY origin = $1 DESC, created_at DESC, id LIMIT 1`,
    [head?.origin ?? ''],
  )
  const [key] = keys.rows
  return head && key ? { head: headOf(head), key } : null
}

/** Every name that the ledger had, in their order, with what was signed under it. A first start makes the first. */
export async function namesIn(
  on: Pool | ClientBase,
): Promise<
  LedgerNames & { readonly all: readonly { readonly origin: string; readonly publicKey: Buffer }[] }
> {
  const { rows } = await on.query<{ origin: string; publicKey: Buffer }>(
    `SELECT origin, public_key AS "publicKey" FROM ledger_keys ORDER BY created_at, length(origin), id`,
  )
  return { first: rows[0]?.origin ?? '', all: rows }
}
