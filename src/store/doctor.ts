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
    const state = seen?.made ? '' : ', empty: the first start creates its tables'
    const detail = `PostgreSQL ${seen?.version ?? '?'}, database ${seen?.name ?? '?'}${state}`
    return { detail, lacks, mayRewrite }
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}
