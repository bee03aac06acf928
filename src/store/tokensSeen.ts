import type { KeptTokens } from '../approvals/channelTokens.ts'
import { type Sealer, SealFault } from '../approvals/sealer.ts'
import { channelTokensOn } from './channelTokens.ts'
import { connect } from './connect.ts'
import { StoreFault } from './fault.ts'
import type { Log } from './log.ts'
import { databaseFaultOf } from './startFaults.ts'

/**
 * The tokens of a channel, for whoever only looks: nothing is made, upgraded or renewed. Null in an empty database.
 *
 * @throws StoreFault as `connect` does, or `other_secret` when they do not open
 */
export async function readTokens(
  databaseUrl: string,
  { log, sealer }: { readonly log: Log; readonly sealer: Sealer },
): Promise<KeptTokens | null> {
  const pool = await connect(databaseUrl, log)
  try {
    const has = await pool.query<{ tokens: boolean }>(
      `SELECT to_regclass('channel_tokens') IS NOT NULL AS tokens`,
    )
    return has.rows[0]?.tokens ? await channelTokensOn(pool, sealer).read() : null
  } catch (error) {
    if (error instanceof SealFault)
      throw new StoreFault('other_secret', {
        problem: `${error.message}.`,
        fix: 'Give the server the COUNTERSIGN_SECRET that it had, or put a new pair in: countersign slack tokens set',
      })
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}
