import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { untilAborted } from '../../lifetime/keepTrying.ts'
import { StoreFault } from '../fault.ts'

/** 'possessi' in ASCII, read as an integer. */
const possessionLock = '8101536974346417001'

/** A session of a process that was killed just now may take a moment to go. */
const attempts = { count: 10, pauseMilliseconds: 100 } as const

/**
 * Takes the database for this process. A lock in the database instead of a file: it cannot be stale, and it tells a
 * server that runs from one that died and left its database running.
 *
 * @throws StoreFault `in_use`, naming the process that has it
 */
export async function takePossession(url: string, signal: AbortSignal): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: `countersign process ${process.pid}`,
    keepAlive: true,
  })
  client.on('error', () => undefined) // the end of the connection is what matters; whoever holds it listens for that
  try {
    await untilAborted(client.connect(), signal)
    if (await untilAborted(lock(client), signal)) return client
    throw new StoreFault('in_use', {
      problem: `Another server (${await holderOf(client)}) uses this data directory.`,
      fix: 'Stop it first, or set DATA_DIR to another directory. Replicas share a database through DATABASE_URL.',
    })
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

async function lock(client: Client): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      possessionLock,
    ])
    if (rows[0]?.taken) return true
    if (attempt === attempts.count) return false
    await delay(attempts.pauseMilliseconds)
  }
}

async function holderOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint`,
    [possessionLock],
  )
  return rows[0]?.name ?? 'unknown'
}
