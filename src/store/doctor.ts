import { connect } from './connect.ts'
import type { Log } from './log.ts'
import { refuseOtherVersions } from './missing.ts'
import { databaseFaultOf } from './startFaults.ts'
import { type Lack, lacksOf, refuseMissingTables } from './suitable.ts'

/** What was seen of a database that answers. */
export interface DatabaseSeen {
  /** One sentence: version and name. */
  readonly detail: string
  /** Everything that a replica needs and does not find. */
  readonly lacks: readonly Lack[]
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
    if (seen?.made && lacks.length === 0) {
      await refuseOtherVersions(pool)
      await refuseMissingTables(pool)
    }
    const state = seen?.made ? '' : ', empty: the first start creates its tables'
    return { detail: `PostgreSQL ${seen?.version ?? '?'}, database ${seen?.name ?? '?'}${state}`, lacks }
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}
