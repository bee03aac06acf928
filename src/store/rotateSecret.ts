import { Client, type ClientBase, escapeIdentifier } from 'pg'
import { type Sealer, SealFault } from '../approvals/sealer.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { batchOf, prepare } from './batch.ts'
import { StoreFault } from './fault.ts'
import { otherSecret } from './installation.ts'
import { sealWith } from './seal.ts'
import type { InstallationSecret } from './secretFile.ts'
import { prepareSession } from './session.ts'
import { databaseFaultOf } from './startFaults.ts'

/** A sealed text that was found, by what it is for and whose it is. */
interface SealedRow {
  readonly purpose: string
  readonly row: string
}

/** What is gone from a row that was sealed again otherwise. */
interface DroppedRow extends SealedRow {
  /** The secret before a webhook's own: it did not open, or its time was over. */
  readonly why: 'closed' | 'over'
}

/** What replacing the secret found. */
export interface Rotation {
  /** Sealed under the new secret now. */
  readonly again: readonly SealedRow[]
  /** What did not open under the secret of before either, so it was left as it was. */
  readonly closed: readonly SealedRow[]
  /** Webhooks that verify by their own secret only from now on. */
  readonly dropped: readonly DroppedRow[]
}

/** A key of an agent, from which its webhook secrets are derived. */
export interface DerivedKey {
  readonly agent: string
  readonly key: string
}

/** What stands right before the commit, when everything is sealed again. */
export interface AboutToRotate extends Rotation {
  readonly installation: string
  readonly at: Date
  /** All that are not revoked, by name. */
  readonly keys: readonly DerivedKey[]
}

export interface RotatingSecret {
  readonly from: InstallationSecret
  readonly to: InstallationSecret
  /** The entry that records it. Nothing is changed when this throws. */
  readonly entry: (found: AboutToRotate) => NewEntry
}

/** Every column that holds something sealed. `test/store/rotateSecret.test.ts` looks for others. */
export const sealedPlaces = [
  { table: 'signing_keys', purpose: 'signing-key', earlier: false, versioned: true },
  { table: 'webhooks', purpose: 'webhook', earlier: true, versioned: true },
  { table: 'leases', purpose: 'lease', earlier: false, versioned: true },
  { table: 'channel_tokens', purpose: 'channel-token', earlier: false, versioned: true },
  { table: 'ledger_keys', purpose: 'ledger-key', earlier: false, versioned: false },
] as const

/**
 * Seals everything again under another secret, and makes it the secret of the database: one transaction, so it is under the one or under
 * the other, whenever this process dies. Whoever opens the installation meanwhile waits for it. Resolves to null when the database
 * has the new secret already, because an earlier run was interrupted after its commit.
 *
 * @param databaseUrl as the role that owns the tables
 * @throws StoreFault `in_use` while a process of Countersign is connected, `other_secret`, `no_rights`, `too_busy`
 */
export async function rotateSecret(databaseUrl: string, by: RotatingSecret): Promise<Rotation | null> {
  const client = new Client({ connectionString: databaseUrl, application_name: nameOfOurs })
  client.on('error', () => undefined) // its next statement says so
  try {
    await client.connect()
    await prepareSession(client, { lock_timeout: '5s' })
    await refuseWithoutRights(client)
    return await inTransaction(client, () => replace(client, by))
  } catch (fault) {
    throw databaseFaultOf(fault)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** As those of a server begin, so that two of these refuse each other, too. */
const nameOfOurs = 'countersign secret rotate'

async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const done = await work()
    await client.query('COMMIT')
    return done
  } catch (fault) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw fault
  }
}

/**
 * The order matters. From the lock on, nobody reads under which secret the database is: whoever starts now waits. Then whoever
 * has read it before is looked for; each has a session, or reads again with its next one (`underSecret.ts`).
 */
async function replace(client: ClientBase, { from, to, entry }: RotatingSecret): Promise<Rotation | null> {
  await client.query('LOCK TABLE installation IN ACCESS EXCLUSIVE MODE')
  const { rows } = await client.query<{ id: string; fingerprint: string; now: Date }>(
    'SELECT id, secret_fingerprint AS fingerprint, clock_timestamp() AS now FROM installation',
  )
  const [found] = rows
  if (found?.fingerprint === to.fingerprint) return null
  if (found?.fingerprint !== from.fingerprint) throw otherSecret()
  await refuseServed(client)
  const sealers = { from: sealWith(from), to: sealWith(to) }
  const rotation: Found = { again: [], closed: [], dropped: [] }
  for (const place of sealedPlaces) await sealAgain(client, { place, sealers, rotation, now: found.now })
  await client.query('UPDATE installation SET secret_fingerprint = $1', [to.fingerprint])
  const keys = await client.query<DerivedKey>(liveKeys)
  const made = entry({ ...rotation, installation: found.id, at: found.now, keys: keys.rows })
  await client.query('SELECT n, outcome FROM countersign_commit($1::jsonb)', [
    batchOf([prepare({ entries: [made] })]).text,
  ])
  return rotation
}

const liveKeys = `
  SELECT agents.name AS agent, agent_keys.id AS key FROM agent_keys JOIN agents ON agents.id = agent_keys.agent_id
  WHERE agent_keys.status <> 'revoked' AND agents.status <> 'revoked' ORDER BY agents.name, agent_keys.id`

interface Earlier {
  readonly sealed: string
  readonly until: string
}

type Found = { readonly [Of in keyof Rotation]: Rotation[Of][number][] }

async function sealAgain(
  client: ClientBase,
  by: {
    readonly place: (typeof sealedPlaces)[number]
    readonly sealers: { readonly from: Sealer; readonly to: Sealer }
    readonly rotation: Found
    readonly now: Date
  },
): Promise<void> {
  const { place, sealers, rotation, now } = by
  const { table, purpose } = place
  const name = escapeIdentifier(table)
  const { rows } = await client.query<{ id: string; sealed: string; earlier: Earlier | null }>(
    `SELECT id, sealed, ${place.earlier ? 'earlier' : 'NULL AS earlier'} FROM ${name} WHERE sealed IS NOT NULL ORDER BY id FOR UPDATE`,
  )
  for (const { id: row, sealed, earlier } of rows) {
    const about = { purpose, row }
    const again = (text: string): string | null => {
      const opened = openedBy(sealers.from, { text, about })
      return opened === null ? null : sealers.to.seal(opened, about)
    }
    const own = again(sealed)
    if (own === null) {
      rotation.closed.push(about)
      continue
    }
    // An earlier secret never keeps a row that works under the secret of before.
    const isOver = earlier !== null && now.toISOString() >= earlier.until
    const before = earlier && !isOver ? again(earlier.sealed) : null
    const more = [place.earlier && 'earlier = $3', place.versioned && 'version = version + 1']
    const set = ['sealed = $2', ...more.filter((one) => one !== false)].join(', ')
    await client.query(`UPDATE ${name} SET ${set} WHERE id = $1`, [
      row,
      own,
      ...(place.earlier ? [JSON.stringify(before === null ? null : { ...earlier, sealed: before })] : []),
    ])
    rotation.again.push(about)
    if (earlier && before === null) rotation.dropped.push({ ...about, why: isOver ? 'over' : 'closed' })
  }
}

/** Null when it does not open. */
function openedBy(
  sealer: Sealer,
  { text, about }: { readonly text: string; readonly about: SealedRow },
): string | null {
  try {
    return sealer.open(text, about)
  } catch (fault) {
    if (fault instanceof SealFault) return null
    throw fault
  }
}

/** A session that has ended is listed for a moment more: the command itself had some. */
const looks = { most: 20, pauseSeconds: 0.1 } as const

/** Servers, and commands beside them: any of them could seal under the secret of before, or know nothing of the new one. */
async function refuseServed(client: ClientBase): Promise<void> {
  let open: readonly Session[] = []
  for (let nth = 1; nth <= looks.most; nth += 1) {
    open = (await client.query<Session>(otherSessions)).rows
    if (open.length === 0) return
    await client.query(`SELECT pg_sleep(${looks.pauseSeconds}), pg_stat_clear_snapshot()`)
  }
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM replicas WHERE seen_at > clock_timestamp() - interval '15 seconds' ORDER BY name`,
  )
  const which = open.slice(0, 5).map(({ pid, address }) => `${pid}${address ? ` from ${address}` : ''}`)
  const servers = rows.length > 0 ? ` of the servers ${rows.map(({ name }) => name).join(', ')}` : ''
  throw new StoreFault('in_use', {
    problem: `Countersign still works on this database: sessions${servers} are open (${which.join('; ')}${open.length > 5 ? '; …' : ''}).`,
    fix: 'Stop every server and command of Countersign, and run this again. What is left of one that is gone is ended by: SELECT pg_terminate_backend(PID)',
  })
}

interface Session {
  readonly pid: number
  readonly address: string | null
}

const otherSessions = `
  SELECT pid, host(client_addr) AS address FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name ~ '^countersign'
  ORDER BY pid`

async function refuseWithoutRights(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    `SELECT has_table_privilege('installation', 'UPDATE') AS may`,
  )
  if (rows[0]?.may) return
  throw new StoreFault('no_rights', {
    problem: 'This role may not replace the secret of the database.',
    fix: 'Set MIGRATE_DATABASE_URL for this command, too: it has to be the role that owns the tables.',
  })
}
