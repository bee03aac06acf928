import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { FoundRead } from '../../approvals/queries.ts'
import { grantDefaults, longestGrantSeconds } from '../../core/grant.ts'
import { bundleLimits } from '../../policy/limits.ts'

/** What agents have read, for rules that go by it. */
export function readReads(pool: Pool): Pick<Store, 'earlierReads' | 'hadSession'> {
  return {
    async earlierReads({ agent, since, limit }) {
      const before = (seconds: number) => new Date(Date.parse(since) - seconds * 1_000).toISOString()
      const values = [
        agent,
        before(grantDefaults.withinSeconds + longestGrantSeconds),
        before(bundleLimits.expirySeconds + longestGrantSeconds),
        limit,
      ]
      const { rows } = await pool.query<Row>(readsQuery, values)
      return rows.map(foundOf)
    },
    async hadSession({ agent, session, by }) {
      const { rows } = await pool.query<{ had: boolean }>(sessionQuery, [
        agent,
        by,
        `"session":${JSON.stringify(session)}`,
      ])
      return rows[0]?.had ?? false
    },
  }
}

interface Row {
  readonly id: string
  readonly action: FoundRead['action']
  readonly run: FoundRead['run']
  readonly verdict: FoundRead['verdict']
  readonly granted: FoundRead['grant'] | null
  readonly settledAt: Date | null
}

/** As `requestRow` wrote it. */
function foundOf({ id, action, run, verdict, granted, settledAt }: Row): FoundRead {
  return {
    id,
    action,
    run,
    verdict,
    settledAt: settledAt?.toISOString() ?? null,
    ...(granted && { grant: granted }),
  }
}

const letThrough = `agent_id = $1 AND effect = 'read' AND state NOT IN ('pending', 'denied', 'expired', 'cancelled')`
const columns = 'id, action, run, verdict, granted, settled_at AS "settledAt"'

/**
 * Each half by an index of its own: what policy allowed can be used for minutes after it was settled, what people approved for as long as a policy
 * can say.
 */
const readsQuery = `
  SELECT * FROM (
    (SELECT ${columns} FROM action_requests
      WHERE ${letThrough} AND expires_at IS NULL AND settled_at >= $2 ORDER BY settled_at DESC LIMIT $4)
    UNION ALL
    (SELECT ${columns} FROM action_requests
      WHERE ${letThrough} AND expires_at IS NOT NULL AND settled_at >= $3 ORDER BY settled_at DESC LIMIT $4)
  ) AS found ORDER BY "settledAt" DESC LIMIT $4`

/** A run stands as JSON text with its keys written the same way, and quotes of its values escaped: no other value can look like this. */
const sessionQuery = `
  SELECT EXISTS (SELECT 1 FROM (
    SELECT run, created_at FROM action_requests WHERE agent_id = $1 ORDER BY id DESC LIMIT 5000
  ) AS newest WHERE created_at <= $2 AND position($3 IN run::text) > 0) AS had`
