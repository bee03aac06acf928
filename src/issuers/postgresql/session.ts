import { Client, DatabaseError } from 'pg'
import { TargetFault } from '../../approvals/leases/issuer.ts'
import { Refusal } from '../../core/refusal.ts'

/** Milliseconds. Together below what a target may take for one call. */
const usual: SessionLimits = { connect: 3_000, statement: 4_000, lock: 3_000, query: 5_000 }

export interface SessionLimits {
  readonly connect: number
  readonly statement: number
  readonly lock: number
  /** After which we stop waiting for the answer to a statement. */
  readonly query: number
}

/** Everything that makes or removes a role waits for it: parallel grants on one table fail each other (`tuple concurrently updated`). */
const lockKey = '5209143872650198577'

/** What PostgreSQL answers when a right is missing, or what is named does not exist: certainly nothing was made. */
const refusing = ['42501', '42704', '3F000', '42P01', '42703', '0A000']

/**
 * One session of one role, for one call.
 *
 * @throws TargetFault for whatever the server did not do for sure, Refusal `target_refused` when it refused; neither repeats what it was sent
 */
export async function withSession<T>(
  url: string,
  work: (client: Client) => Promise<T>,
  limits: SessionLimits = usual,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'countersign credentials',
    connectionTimeoutMillis: limits.connect,
    statement_timeout: limits.statement,
    lock_timeout: limits.lock,
    query_timeout: limits.query,
  })
  client.on('error', () => undefined) // its next statement says so
  try {
    await client.connect()
    return await work(client)
  } catch (fault) {
    throw faultOf(fault)
  } finally {
    void client.end().catch(() => undefined)
  }
}

/** All of it or none, alone among those who make and remove roles of ours there. */
export async function underLock<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${lockKey})`)
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (fault) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw fault
  }
}

function faultOf(fault: unknown): Error {
  if (fault instanceof Refusal || fault instanceof TargetFault) return fault
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : 'no answer'
  if (fault instanceof DatabaseError && refusing.includes(code))
    return new Refusal('target_refused', `PostgreSQL refused with ${code}`)
  return new TargetFault(`PostgreSQL: ${code}`)
}
