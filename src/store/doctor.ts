import type { Pool } from 'pg'
import { connect } from './connect.ts'
import type { Log } from './log.ts'
import { refuseOtherVersions } from './missing.ts'
import { mayRewriteLedger } from './servingRole.ts'
import { databaseFaultOf } from './startFaults.ts'
import { type Lack, lacksOf, refuseMissingTables } from './suitable.ts'

/** What was seen of a database that answers. */
export interface DatabaseSeen {
  /** One sentence: version and name. */
  readonly detail: string
  /** Everything that a replica needs and does not find. */
  readonly lacks: readonly Lack[]
  /** True when the role could change or remove an entry; null when that is not known. */
  readonly mayRewrite: boolean | null
  /** What was claimed in people's names and gives nothing yet, in words: at most so many as somebody reads. */
  readonly unconfirmed: readonly string[]
  /** What is stopped now, in words: at most so many as somebody reads. */
  readonly stopped: readonly string[]
  /** What judges beside the active policy now, in words. */
  readonly shadows: readonly string[]
  /** Keys of agents that are about to expire or have, in words: at most so many as somebody reads. */
  readonly expiring: readonly string[]
}

/** @throws StoreFault as `connect` and `missingFrom` do, and `schema_damaged` */
export async function checkDatabase(databaseUrl: string, log: Log): Promise<DatabaseSeen> {
  const pool = await connect(databaseUrl, log)
  try {
    const { rows } = await pool.query<{ version: string; name: string; made: boolean }>(
      `SELECT current_setting('server_version') AS version, current_database() AS name,
         to_regclass('_prisma_migrations') IS NOT NULL AS made`,
    )
    const [seen] = rows
    const lacks = await lacksOf(pool)
    let mayRewrite: boolean | null = null
    if (seen?.made && lacks.length === 0) {
      await refuseOtherVersions(pool)
      await refuseMissingTables(pool)
      mayRewrite = await mayRewriteLedger(pool)
    }
    const isWhole = seen?.made === true && lacks.length === 0
    const unconfirmed = isWhole ? await wordsIn(pool, 'confirmations', unconfirmedQuery) : []
    const stopped = isWhole ? await wordsIn(pool, 'stops', stoppedQuery) : []
    const shadows = isWhole ? await wordsIn(pool, 'shadows', shadowQuery) : []
    const expiring = isWhole ? await wordsIn(pool, 'agent_keys', expiringQuery) : []
    const state = seen?.made ? '' : ', empty: the first start creates its tables'
    const detail = `PostgreSQL ${seen?.version ?? '?'}, database ${seen?.name ?? '?'}${state}`
    return { detail, lacks, mayRewrite, unconfirmed, stopped, shadows, expiring }
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}

/** What a query says, in words. A database of the version before has no such table, and none of it. */
async function wordsIn(pool: Pool, table: string, query: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    table,
  ])
  if (!rows[0]?.there) return []
  const found = await pool.query<{ what: string }>(query)
  return found.rows.map(({ what }) => what)
}

const stoppedQuery = `
  SELECT CASE s.scope ->> 'kind' WHEN 'agent' THEN 'the agent ' || coalesce(a.name, s.scope ->> 'agent')
      WHEN 'action' THEN 'actions that fit ' || (s.scope ->> 'pattern') ELSE 'everything' END
    || ' (' || s.id || ')' AS what
  FROM stops s LEFT JOIN agents a ON a.id = s.scope ->> 'agent' WHERE s.standing ORDER BY s.id LIMIT 50`

const shadowQuery = `
  SELECT v.name || ' judges beside the active policy until ' || to_char(s.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI"Z"')
    || ': ' || coalesce(sum(r.loosened), 0) || ' of the requests would be judged more loosely, '
    || coalesce(sum(r.tightened), 0) || ' more strictly'
    || CASE WHEN count(*) FILTER (WHERE NOT r.judges) > 0
      THEN '; not judged by ' || string_agg(r.name, ', ') FILTER (WHERE NOT r.judges) ELSE '' END AS what
  FROM shadows s JOIN policy_versions v ON v.files_digest = s.files_digest LEFT JOIN shadow_replicas r ON r.shadow_id = s.id
  WHERE s.ended_at IS NULL GROUP BY s.id, v.name`

/** Of those that have expired only where their agent has no other key that works. A database of the version before has no such column. */
const expiringQuery = `
  WITH known AS (
    SELECT k.id, k.agent_id, k.status, (to_jsonb(k) ->> 'expires_at')::timestamptz AS ends FROM agent_keys k
  )
  SELECT 'key ' || k.id || ' of ' || a.name
    || CASE WHEN k.ends > clock_timestamp() THEN ' expires ' ELSE ' expired ' END
    || to_char(k.ends AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI"Z"') AS what
  FROM known k JOIN agents a ON a.id = k.agent_id
  WHERE k.status = 'active' AND a.status = 'active' AND k.ends <= clock_timestamp() + interval '7 days'
    AND NOT EXISTS (SELECT 1 FROM known o WHERE o.agent_id = k.agent_id AND o.status = 'active' AND o.id <> k.id
      AND (o.ends IS NULL OR o.ends > greatest(k.ends, clock_timestamp())))
  ORDER BY k.ends, k.id LIMIT 50`

const unconfirmedQuery = `
  SELECT 'agent ' || a.name AS what FROM agents a
    WHERE a.status <> 'revoked' AND EXISTS (
      SELECT 1 FROM agent_keys k WHERE k.agent_id = a.id AND k.status = 'unconfirmed')
  UNION ALL
  SELECT 'operator key ' || id FROM operator_keys WHERE status = 'unconfirmed'
  UNION ALL
  SELECT 'auditor key ' || id FROM auditor_keys WHERE status = 'unconfirmed'
  UNION ALL
  SELECT 'link of ' || id FROM linked_accounts WHERE claimed_from IS NOT NULL AND id NOT LIKE 'person:%'
  UNION ALL
  SELECT CASE what ->> 'kind' WHEN 'policy' THEN 'change of the policy ' || (what ->> 'name')
      WHEN 'owner' THEN 'hand-over of ' || (what ->> 'name')
      WHEN 'erase' THEN 'erasing ' || (what ->> 'id')
      WHEN 'resume' THEN 'resuming ' || (what ->> 'name')
      ELSE 'parting of ' || (what ->> 'account') END
    FROM confirmations WHERE state = 'waiting' AND what ->> 'kind' IN ('policy', 'unlink', 'owner', 'resume', 'erase')
  ORDER BY 1 LIMIT 50`
