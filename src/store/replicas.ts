import type { Pool } from 'pg'
import type { Store } from '../approvals/ports.ts'
import type { Digest } from '../core/digest.ts'
import { functionsVersion } from './functions.ts'
import type { Notifications } from './notifications.ts'

/** Payloads of beats begin with this, so that a beat is told apart from a topic that changed. */
const beatTopic = (replica: string): string => `beat ${replica}`

/** The processes that serve on this database, and that they live. */
export function replicasOn(
  pool: Pool,
  notifications: Notifications,
): Pick<Store, 'beat' | 'hearBeats' | 'hearAnew' | 'replicas' | 'leave'> {
  return {
    async beat({ id, name, policy }) {
      await pool.query(beatStatement, [id, name, policy, beatTopic(id), functionsVersion])
    },
    hearBeats: (replica, heard) => notifications.hear(beatTopic(replica), heard),
    hearAnew: () => notifications.reopen(),
    async replicas() {
      const { rows } = await pool.query<Row>(recentReplicas)
      return rows
    },
    async leave(replica) {
      await pool.query('DELETE FROM replicas WHERE id = $1', [replica])
    },
  }
}

interface Row {
  readonly id: string
  readonly name: string
  readonly policy: Digest | null
  readonly silentSeconds: number
}

/**
 * Written and told in one statement: what is heard was written, and who cannot write is not heard. A process that a newer
 * version has replaced finds it out here, also when nobody asks it for anything. SKIP LOCKED, so that
 * two replicas that find the same long-dead rows, or one that only slept for long, never wait for each other.
 */
const beatStatement = `
  WITH gone AS (
    DELETE FROM replicas WHERE id IN (
      SELECT id FROM replicas WHERE seen_at < clock_timestamp() - interval '1 hour' AND id <> $1
      FOR UPDATE SKIP LOCKED)
  ), beat AS (
    INSERT INTO replicas (id, name, policy, seen_at) SELECT $1, $2, $3, clock_timestamp() FROM countersign_refuse_older($5)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, policy = excluded.policy, seen_at = excluded.seen_at
    RETURNING id
  )
  SELECT pg_notify('countersign', $4) FROM beat`

const recentReplicas = `
  SELECT id, name, policy, greatest(0, extract(epoch FROM clock_timestamp() - seen_at))::float8 AS "silentSeconds"
  FROM replicas WHERE seen_at > clock_timestamp() - interval '15 minutes' ORDER BY name, id`
