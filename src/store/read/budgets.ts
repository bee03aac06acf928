import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'

interface Row {
  readonly count: string
  readonly sum: string
  readonly added: string
  readonly amount: string
}

/** All of one moment: what came in between would be counted, and not be known to have come. */
const text = `SELECT used.count, least(used.sum, ${Number.MAX_SAFE_INTEGER}) AS sum,
    coalesce(h.added, 0) AS added, coalesce(h.amount, 0) AS amount
  FROM unnest($1::text[], $2::timestamptz[], $3::text[]) WITH ORDINALITY AS asked (key, since, without, nth)
  LEFT JOIN budget_heads h ON h.key = asked.key
  CROSS JOIN LATERAL (SELECT count(*) AS count, coalesce(sum(e.amount), 0) AS sum FROM budget_entries e
    WHERE e.key = asked.key AND e.at > asked.since AND e.request_id IS DISTINCT FROM asked.without) used
  ORDER BY asked.nth`

/** How much budgets have counted, by their keys: whoever is judged by one waits for it. */
export function readBudgets(pool: Pool): Pick<Store, 'budgetNumbers'> {
  return {
    async budgetNumbers(asked) {
      const columns = [
        asked.map(({ key }) => key),
        asked.map(({ since }) => since),
        asked.map(({ except }) => except),
      ]
      const { rows } = await pool.query<Row>(text, columns)
      return rows.map(({ count, sum, added, amount }) => ({
        count: Number(count),
        sum: Number(sum),
        added: Number(added),
        amount,
      }))
    },
  }
}
