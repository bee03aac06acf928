import type { ClientBase, Pool } from 'pg'
import type { LedgerHead, LedgerKey } from '../../approvals/ledger/ledgerStore.ts'
import { generationOf, type LedgerNames } from '../../ledger/origins.ts'

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

/**
 * The names that something was signed under and that are none of the ledger's whose first name that is. Who may only add to what is kept
 * can put one there; so no row of a key says what the first name is, the head does.
 */
export async function strangersTo({ first }: LedgerNames, on: Pool | ClientBase): Promise<readonly string[]> {
  const { rows } = await on.query<{ origin: string }>(
    'SELECT DISTINCT origin FROM ledger_keys ORDER BY origin',
  )
  return rows.map(({ origin }) => origin).filter((origin) => generationOf({ first }, origin) === null)
}
