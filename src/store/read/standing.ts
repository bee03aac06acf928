import type { Pool } from 'pg'
import type { Digest } from '../../core/digest.ts'

/** How things stand in the database, for whoever watches it. */
export interface Standing {
  readonly waiting: number
  /** Still waiting a minute after the deadline: the job that ends them has not run. */
  readonly overdue: number
  /** Age of the oldest that waits; 0 when none does. */
  readonly oldestSeconds: number
  /** Stops that hold. */
  readonly stops: number
  /** Keys of agents that work and end within seven days. */
  readonly keysExpiring: number
  /** Entries that have their place in the tree, and those that wait for it. */
  readonly ledger: { readonly sealed: number; readonly waiting: number }
  /** The active policy; null when none was ever activated. */
  readonly policy: { readonly files: Digest; readonly ageSeconds: number } | null
}

/** One statement: what waits is found by its state (action_requests_state_id_idx), the activation is the latest. */
export async function readStanding(pool: Pool): Promise<Standing> {
  const { rows } = await pool.query<Row>(standing)
  const [row] = rows
  if (!row) throw new Error('the database did not say how things stand')
  const { files, ageSeconds, ledgerSealed, ledgerWaiting, ...waiting } = row
  const ledger = { sealed: ledgerSealed, waiting: ledgerWaiting }
  return { ...waiting, ledger, policy: files === null ? null : { files, ageSeconds: ageSeconds ?? 0 } }
}

interface Row extends Omit<Standing, 'policy' | 'ledger'> {
  readonly ledgerSealed: number
  readonly ledgerWaiting: number
  readonly files: Digest | null
  readonly ageSeconds: number | null
}

const standing = `
  SELECT waiting.*, active.*, (SELECT count(*)::integer FROM stops WHERE standing) AS stops,
    (SELECT count(*)::integer FROM agent_keys k JOIN agents a ON a.id = k.agent_id
      WHERE k.status = 'active' AND a.status = 'active'
        AND k.expires_at > clock_timestamp() AND k.expires_at <= clock_timestamp() + interval '7 days') AS "keysExpiring",
    (SELECT coalesce(max(size), 0)::float8 FROM ledger_head) AS "ledgerSealed",
    (SELECT count(*)::integer FROM unsealed_entries) AS "ledgerWaiting"
  FROM (
    SELECT count(*)::integer AS waiting,
      (count(*) FILTER (WHERE expires_at < clock_timestamp() - interval '1 minute'))::integer AS overdue,
      coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min(created_at))), 0)::float8 AS "oldestSeconds"
    FROM action_requests WHERE state = 'pending'
  ) AS waiting
  LEFT JOIN (
    SELECT files_digest AS files, greatest(0, extract(epoch FROM clock_timestamp() - at))::float8 AS "ageSeconds"
    FROM policy_activations ORDER BY position DESC LIMIT 1
  ) AS active ON true`
