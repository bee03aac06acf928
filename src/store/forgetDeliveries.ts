import type { Pool } from 'pg'
import type { Store } from '../approvals/ports.ts'

/** Removes messages that have ended. One that is sent again in that moment is no longer among them, or its commit is a conflict. */
export function forgetDeliveriesOn(pool: Pool): Pick<Store, 'forgetDeliveries'> {
  return {
    async forgetDeliveries({ state, endedBefore, limit }) {
      const { rowCount } = await pool.query(statement, [state, endedBefore, limit])
      return rowCount ?? 0
    },
  }
}

/** The oldest first. SKIP LOCKED: whoever changes one just now, or removes it too, is not waited for. */
const statement = `
  DELETE FROM webhook_deliveries WHERE id = ANY (ARRAY(
    SELECT id FROM webhook_deliveries WHERE state = $1 AND ended_at < $2
    ORDER BY ended_at LIMIT $3 FOR UPDATE SKIP LOCKED))`
