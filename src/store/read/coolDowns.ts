import type { Pool } from 'pg'
import type { Store } from '../../approvals/ports.ts'
import type { CoolDown } from '../../approvals/records.ts'
import { keptPlan } from './keptPlan.ts'

interface Row extends Omit<CoolDown, 'at'> {
  readonly at: Date
}

const text = `SELECT agent_id AS agent, digest, request_id AS request, person, at
  FROM cool_downs WHERE agent_id = $1 AND digest = $2`

/** One row by its key: whoever asks for people waits for it. */
export function readCoolDowns(pool: Pool): Pick<Store, 'coolDown'> {
  const read = keptPlan<Row>(pool, { name: 'cool-down', text })
  return {
    async coolDown(agent, digest) {
      const [row] = await read([agent, digest])
      return row ? { ...row, at: row.at.toISOString() } : null
    },
  }
}
