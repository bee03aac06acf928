import type { Pool } from 'pg'
import type { Forgetting, Passing } from '../approvals/forgetting.ts'

/** Removes what is no record, by age. Of messages those that have ended. One that is sent again in that moment is no longer among them, or its commit is a conflict. */
export function forgettingOn(pool: Pool): Forgetting {
  return {
    async forgetDeliveries({ state, endedBefore, limit }) {
      const { rowCount } = await pool.query(statement, [state, endedBefore, limit])
      return rowCount ?? 0
    },
    async forgetPassing({ what, before, limit }) {
      const { rows } = await pool.query<{ gone: string }>(passing[what], [before, limit])
      return Number(rows[0]?.gone)
    },
  }
}

/** The oldest first. SKIP LOCKED: whoever changes one just now, or removes it too, is not waited for. */
const statement = `
  DELETE FROM webhook_deliveries WHERE id = ANY (ARRAY(
    SELECT id FROM webhook_deliveries WHERE state = $1 AND ended_at < $2
    ORDER BY ended_at LIMIT $3 FOR UPDATE SKIP LOCKED))`

/** In the order in which they lie in the table, mostly that of their age: no index is kept up for it in every commit. */
const passing: Readonly<Record<Passing, string>> = {
  deliveries: 'SELECT countersign_forget_deliveries($1, $2) AS gone',
  coolDowns: `
    WITH gone AS (DELETE FROM cool_downs WHERE at < $1 AND (agent_id, digest) IN (
      SELECT agent_id, digest FROM cool_downs WHERE at < $1 LIMIT $2) RETURNING 1)
    SELECT count(*) AS gone FROM gone`,
  budgetEntries: `
    WITH gone AS (DELETE FROM budget_entries WHERE at < $1 AND (request_id, key) IN (
      SELECT request_id, key FROM budget_entries WHERE at < $1 LIMIT $2) RETURNING 1)
    SELECT count(*) AS gone FROM gone`,
  mentions: `
    WITH gone AS (DELETE FROM mentions WHERE at < $1 AND (account, name) IN (
      SELECT account, name FROM mentions WHERE at < $1 LIMIT $2) RETURNING 1)
    SELECT count(*) AS gone FROM gone`,
  shadows: `
    WITH gone AS (DELETE FROM shadows WHERE ended_at < $1 AND id IN (
      SELECT id FROM shadows WHERE ended_at < $1 ORDER BY id LIMIT $2) RETURNING 1)
    SELECT count(*) AS gone FROM gone`,
}
