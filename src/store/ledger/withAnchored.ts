import type { AnchorStore } from '../../approvals/ledger/anchors/anchorStore.ts'
import { connect } from '../connect.ts'
import type { Log } from '../log.ts'
import { patientLimits } from '../pool.ts'
import { databaseFaultOf } from '../startFaults.ts'
import { anchorsOn } from './anchorsOn.ts'

/**
 * What is anchored of the ledger of a database, for whoever only reads it.
 *
 * @throws StoreFault as `connect` does
 */
export async function withAnchored<T>(
  { databaseUrl, log }: { readonly databaseUrl: string; readonly log: Log },
  work: (store: AnchorStore) => Promise<T>,
): Promise<T> {
  const pool = await connect(databaseUrl, log, patientLimits)
  try {
    return await work(anchorsOn(pool))
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}
