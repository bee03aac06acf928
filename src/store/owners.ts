import { connect } from './connect.ts'
import type { Log } from './log.ts'
import { databaseFaultOf } from './startFaults.ts'

/** An active agent, and every account that was seen of its owner, but for those that are only claimed to be theirs. */
export interface OwnedAgent {
  readonly name: string
  readonly accounts: readonly string[]
}

/**
 * The active agents, by name, for whoever only looks: nothing is opened, made or upgraded. None of an empty database.
 *
 * @throws StoreFault as `connect` does
 */
export async function readOwners(databaseUrl: string, log: Log): Promise<readonly OwnedAgent[]> {
  const pool = await connect(databaseUrl, log)
  try {
    const has = await pool.query<{ agents: boolean; claims: boolean }>(
      `SELECT to_regclass('agents') IS NOT NULL AND to_regclass('linked_accounts') IS NOT NULL AS agents,
         to_regclass('confirmations') IS NOT NULL AS claims`,
    )
    if (!has.rows[0]?.agents) return []
    // Before there were confirmations nothing was only claimed.
    const own = has.rows[0].claims ? 'AND theirs.claimed_from IS NOT DISTINCT FROM former.claimed_from' : ''
    // An id that was given up when two people turned out to be one leads to the one that stays.
    const { rows } = await pool.query<{ name: string; accounts: string[] }>(
      `SELECT agents.name, coalesce(array_agg(theirs.id ORDER BY theirs.id) FILTER (WHERE theirs.id IS NOT NULL), '{}') AS accounts
       FROM agents
         LEFT JOIN linked_accounts former ON former.id = 'person:' || agents.owner
         LEFT JOIN linked_accounts theirs
           ON theirs.person = coalesce(former.person, agents.owner) AND theirs.id NOT LIKE 'person:%'
           ${own}
       WHERE agents.status = 'active'
       GROUP BY agents.name ORDER BY agents.name`,
    )
    return rows
  } catch (error) {
    throw databaseFaultOf(error)
  } finally {
    await pool.end()
  }
}
