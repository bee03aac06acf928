import { randomBytes } from 'node:crypto'
import { Overdue, within } from '../lifetime/limit.ts'
import { StoreFault } from './fault.ts'
import { sqlStateOf } from './sqlState.ts'

/** One connection, as far as it is tried. */
export interface Session {
  query(
    statement: string | { readonly name: string; readonly text: string; readonly values: unknown[] },
    values?: unknown[],
  ): Promise<{ readonly rows: readonly unknown[] }>
  on(event: 'notification', heard: (message: { readonly channel: string }) => void): unknown
  removeListener(event: 'notification', heard: (message: { readonly channel: string }) => void): unknown
}

/** Far beyond what a busy machine needs; a pooler is mostly found out at once, by what it answers. Milliseconds. */
const usual = { answerMs: 20_000, heardMs: 20_000, tellAgainMs: 500 }

/**
 * A pooler in transaction mode lends a connection another session for each transaction. Then nobody hears that a policy
 * was activated, two replicas migrate at once although each holds "the" lock, and statements are not prepared where they
 * are used. All of that fails later and in silence, so it is tried here, on two connections.
 *
 * @throws StoreFault `shared_sessions`
 */
export async function refuseSharedSessions(
  first: Session,
  second: Session,
  limits: Partial<typeof usual> = {},
): Promise<void> {
  const trial: Trial = { first, second, name: `trial_${randomBytes(8).toString('hex')}`, ...usual, ...limits }
  const lost = (await lostBetweenStatements(trial)) ?? ((await isHeard(trial)) ? null : 'LISTEN and NOTIFY')
  if (lost === null) return
  throw new StoreFault('shared_sessions', {
    problem: `${lost} did not work on this database: something between it and us lends every transaction another session (a pooler in transaction mode).`,
    fix: 'Name in DATABASE_URL an address where a connection keeps its session: that of the database itself, or of the pooler in session mode (pgbouncer: pool_mode = session).',
  })
}

interface Trial {
  readonly first: Session
  readonly second: Session
  readonly name: string
  readonly answerMs: number
  readonly heardMs: number
  readonly tellAgainMs: number
}

interface Seen {
  readonly pid: number
  readonly named: string | null
  readonly locked: boolean
}

/** An advisory lock that nobody else takes: the name, as a number. */
const lockOf = 'hashtextextended($1, 0)'
const look = `SELECT pg_backend_pid() AS pid, current_setting('countersign.trial', true) AS named`

/**
 * While the second connection holds a session in a transaction, the first has to find everything that it left in its
 * own. Either the second one was lent the session of the first, and sees what is not its own, or the first is lent another.
 */
async function lostBetweenStatements({ first, second, name, answerMs }: Trial): Promise<string | null> {
  const mine = await one(first, `SELECT set_config('countersign.trial', $1, false)`, [name]).then(() =>
    one(first, `${look}, pg_try_advisory_lock(${lockOf}) AS locked`, [name]),
  )
  if (!mine.locked) return 'Advisory locks'
  await prepared(first, name)
  await second.query('BEGIN')
  try {
    const theirs = await one(second, `${look}, pg_try_advisory_lock(${lockOf}) AS locked`, [name])
    if (theirs.pid === mine.pid || theirs.named === name || theirs.locked) return 'Advisory locks'
    return await within(answerMs, 'a statement beside a transaction', async () => {
      const again = await one(first, `${look}, pg_advisory_unlock(${lockOf}) AS locked`, [name])
      if (again.pid !== mine.pid || again.named !== name || !again.locked) return 'Advisory locks'
      return (await prepared(first, name)) ? null : 'Prepared statements'
    })
  } catch (error) {
    if (error instanceof Overdue) return 'A session for each connection'
    throw error
  } finally {
    await second.query('ROLLBACK')
  }
}

/** False when the session does not know a statement that it has prepared, or knows one that it has not. */
async function prepared(session: Session, name: string): Promise<boolean> {
  try {
    await session.query({ name, text: 'SELECT $1::int AS n', values: [1] })
    return true
  } catch (error) {
    const state = sqlStateOf(error)
    if (state === '26000' || state === '42P05') return false
    throw error
  }
}

async function isHeard({ first, second, name, heardMs, tellAgainMs }: Trial): Promise<boolean> {
  let heard = () => {}
  const hearing = new Promise<true>((resolve) => {
    heard = () => resolve(true)
  })
  const listener = ({ channel }: { readonly channel: string }) => channel === name && heard()
  first.on('notification', listener)
  try {
    await first.query(`LISTEN ${name}`)
    for (let waited = 0; waited < heardMs; waited += tellAgainMs) {
      await second.query(`NOTIFY ${name}`)
      if (await orAfter(hearing, tellAgainMs)) return true
    }
    return false
  } finally {
    first.removeListener('notification', listener)
    await first.query(`UNLISTEN ${name}`)
  }
}

async function orAfter(hearing: Promise<true>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  return Promise.race([hearing, over]).finally(() => clearTimeout(timer))
}

async function one(session: Session, statement: string, values: unknown[]): Promise<Seen> {
  const { rows } = await session.query(statement, values)
  return rows[0] as Seen // the columns that the statements above name
}
