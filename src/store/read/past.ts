import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { PastRequest } from '../../approvals/queries.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { ActionRequestModel } from '../prisma/models.ts'
import { decisionsOf, outcomeIn, verdictOf } from './request.ts'

/**
 * So many rows are in memory at a time, and so many characters of what they ask and how they were judged: a page ends behind the row
 * that passes that. One agent can fill rows with a quarter of a megabyte each.
 */
const pageSize = 500
const pageText = 8 * 1024 * 1024

/** Requests of the past, each page one statement that the primary key answers in its order. */
export function readPast(pool: Pool): Pick<Store, 'pastRequests'> {
  return {
    async *pastRequests(limit) {
      const { rows } = await pool.query<{ first: string | null; last: string | null }>(range, [limit])
      const { first = null, last = null } = rows[0] ?? {}
      if (first === null || last === null) return
      let page = (await pool.query<PastRow>(pageQuery('>='), [first, last])).rows
      while (page.length > 0) {
        yield page.map(pastOf)
        page = (await pool.query<PastRow>(pageQuery('>'), [page.at(-1)?.id, last])).rows
      }
    },
  }
}

const range = `
  SELECT min(id) AS first, max(id) AS last
  FROM (SELECT id FROM action_requests ORDER BY id DESC LIMIT $1) newest`

const pageQuery = (from: '>=' | '>') => `
  SELECT * FROM (
    SELECT *, sum(length) OVER (ORDER BY id) - length AS before
    FROM (
      SELECT id, state, action, agent, verdict, decisions, broken_glass AS "brokenGlass", outcome, executions,
        rolls_back AS "rollsBack", erased, created_at AS "createdAt",
        EXISTS (SELECT FROM action_requests later WHERE later.rolls_back = r.id
          AND later.state IN ('executing', 'succeeded', 'failed', 'unreported')) AS "rolledBack",
        octet_length(action::text) + octet_length(verdict::text) AS length
      FROM action_requests r WHERE id ${from} $1 AND id <= $2 ORDER BY id LIMIT ${pageSize}
    ) rows
  ) page WHERE before < ${pageText} ORDER BY id`

type PastRow = Pick<
  ActionRequestModel,
  | 'id'
  | 'state'
  | 'action'
  | 'agent'
  | 'verdict'
  | 'decisions'
  | 'brokenGlass'
  | 'outcome'
  | 'executions'
  | 'rollsBack'
  | 'erased'
  | 'createdAt'
> & { readonly rolledBack: boolean }

/** Each column holds what `requestRow` wrote, so its shape is known. */
function pastOf(row: PastRow): PastRequest {
  const { outcome: _, ...ended } = outcomeIn(row.outcome)
  const executions = row.executions as unknown as NonNullable<ActionRequest['executions']>
  const erased = row.erased as unknown as ActionRequest['erased'] | null
  return {
    id: row.id,
    state: row.state as ActionRequest['state'], // the table's CHECK allows only these
    action: row.action as unknown as ActionRequest['action'],
    agent: row.agent as unknown as ActionRequest['agent'],
    verdict: verdictOf(row.verdict as unknown as ActionRequest['verdict']),
    decisions: decisionsOf(row.decisions),
    brokenGlass: row.brokenGlass as unknown as ActionRequest['brokenGlass'],
    ...ended,
    ...(executions.length > 0 && { executions }),
    ...(row.rollsBack !== null && { rollsBack: row.rollsBack }),
    ...(erased && { erased }),
    createdAt: row.createdAt.toISOString(),
    rolledBack: row.rolledBack,
  }
}
