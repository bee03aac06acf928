import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { FoundAsked } from '../../approvals/queries.ts'

/** What an agent has asked people about. */
export function readAskedBefore(pool: Pool): Pick<Store, 'askedBefore'> {
  return {
    async askedBefore({ agent, since, action, longest, limit }) {
      const named = JSON.stringify({ action }).slice(1, -1)
      const { rows } = await pool.query<Row>(query, [agent, since, limit, named, longest])
      return rows.map(({ createdAt, settledAt, action: found, ...row }) => ({
        ...row,
        // A parameter may be called so, too.
        action: found?.action === action ? found : null,
        createdAt: createdAt.toISOString(),
        settledAt: settledAt?.toISOString() ?? null,
      }))
    },
  }
}

interface Row extends Omit<FoundAsked, 'createdAt' | 'settledAt'> {
  readonly createdAt: Date
  readonly settledAt: Date | null
}

/**
 * Only what people are asked about has a time at which the asking ends. Documents stand as `JSON.stringify` wrote them, with quotes within
 * their values escaped: no value can look like the pieces that are looked for.
 */
const query = `
  SELECT id, state, digest, created_at AS "createdAt", settled_at AS "settledAt",
    broken_glass::text <> 'null' AS "isEmergency",
    position('"legs":[]' IN requirement::text) > 0 AS "isLiftable",
    position('"deviations":[{' IN executions::text) > 0 AS "hasDeviated",
    erased::text <> 'null' AS "isErased",
    CASE WHEN length(action::text) <= $5 AND position($4 IN action::text) > 0 THEN action END AS action
  FROM action_requests
  WHERE agent_id = $1 AND expires_at IS NOT NULL AND created_at >= $2
  ORDER BY created_at DESC, id DESC LIMIT $3`
