import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import type { ChannelTokens, KeptTokens } from '../approvals/channelTokens.ts'
import type { Sealer } from '../approvals/sealer.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { batchOf, prepare } from './batch.ts'
import { unavailableIn } from './unavailable.ts'

/** Seconds: longer than the channel is waited for, and as long as nobody tries when a replica died in its turn. */
const turnSeconds = 30

/** What a pair is sealed for. */
const tokensPurpose = 'channel-token'

const pairForm = z.object({ access: z.string().min(1), refresh: z.string().min(1) })

/** The `ChannelTokens` port on PostgreSQL. */
export function channelTokensOn(pool: Pool, sealer: Sealer): ChannelTokens {
  const sealed = (place: string, { access, refresh }: z.infer<typeof pairForm>) =>
    sealer.seal(JSON.stringify({ access, refresh }), { purpose: tokensPurpose, row: place })
  return {
    read: () =>
      told(async () => {
        const { rows } = await pool.query<Row>(rowQuery)
        return rows[0] ? keptOf(rows[0], sealer) : null
      }),
    set: (place, pair, entry) =>
      told(() => inTransaction(pool, (client) => put(client, { place, sealed: sealed(place, pair), entry }))),
    remove: (place, entry) =>
      told(() =>
        inTransaction(pool, async (client) => {
          const { rowCount } = await client.query('DELETE FROM channel_tokens WHERE id = $1', [place])
          if (rowCount === 0) return false
          await record(client, entry)
          return true
        }),
      ),
    takeTurn: ({ place, version }, holder) =>
      changed(
        pool,
        // A turn that ends later than one that begins now is nobody's: it keeps nobody out.
        `UPDATE channel_tokens SET holder = $3, held_until = clock_timestamp() + make_interval(secs => $4)
         WHERE id = $1 AND version = $2 AND (holder IS NULL OR held_until < clock_timestamp()
           OR held_until > clock_timestamp() + make_interval(secs => $4 + 1))`,
        [place, version, holder, turnSeconds],
      ),
    replace: ({ place, version }, next) =>
      changed(
        pool,
        `UPDATE channel_tokens SET version = version + 1, sealed = $3, issued_at = clock_timestamp(),
           expires_at = clock_timestamp() + make_interval(secs => $4), failed = NULL, tried_at = NULL, holder = NULL, held_until = NULL
         WHERE id = $1 AND version = $2`,
        [place, version, sealed(place, next), next.lifeSeconds],
      ),
    fail: async ({ place, version }, holder, code) => {
      await changed(
        pool,
        `UPDATE channel_tokens SET failed = $4, tried_at = clock_timestamp(), holder = NULL, held_until = NULL
         WHERE id = $1 AND version = $2 AND holder = $3`,
        [place, version, holder, code],
      )
    },
  }
}

async function put(
  client: ClientBase,
  { place, sealed, entry }: { readonly place: string; readonly sealed: string; readonly entry: NewEntry },
): Promise<'set' | { readonly other: string }> {
  // Nobody else puts one in meanwhile, for another place perhaps.
  await client.query('LOCK TABLE channel_tokens IN SHARE ROW EXCLUSIVE MODE')
  const { rows } = await client.query<{ id: string }>('SELECT id FROM channel_tokens WHERE id <> $1', [place])
  if (rows[0]) return { other: rows[0].id }
  await client.query(
    `INSERT INTO channel_tokens AS kept (id, version, sealed, issued_at, expires_at)
     VALUES ($1, 1, $2, clock_timestamp(), clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET version = kept.version + 1, sealed = excluded.sealed, issued_at = excluded.issued_at,
       expires_at = excluded.expires_at, failed = NULL, tried_at = NULL, holder = NULL, held_until = NULL`,
    [place, sealed],
  )
  await record(client, entry)
  return 'set'
}

interface Row {
  readonly id: string
  readonly version: number
  readonly sealed: string
  readonly expires_at: Date
  readonly left: number
  readonly life: number
  readonly failed: string | null
  readonly tried: number | null
}

const rowQuery = `
  SELECT id, version, sealed, expires_at, extract(epoch FROM expires_at - clock_timestamp())::float8 AS left,
    extract(epoch FROM expires_at - issued_at)::float8 AS life, failed,
    extract(epoch FROM clock_timestamp() - tried_at)::float8 AS tried
  FROM channel_tokens ORDER BY id LIMIT 1`

/** @throws SealFault */
function keptOf({ id, version, sealed, ...row }: Row, sealer: Sealer): KeptTokens {
  const pair = pairForm.parse(JSON.parse(sealer.open(sealed, { purpose: tokensPurpose, row: id })))
  const { expires_at: expiresAt, left: leftSeconds, life: lifeSeconds, failed, tried } = row
  return {
    ...pair,
    ...{ place: id, version, expiresAt: expiresAt.toISOString(), leftSeconds, lifeSeconds },
    ...{ failed, triedSecondsAgo: tried },
  }
}

async function changed(pool: Pool, text: string, values: readonly unknown[]): Promise<boolean> {
  const { rowCount } = await told(() => pool.query(text, [...values]))
  return rowCount === 1
}

/** As every other entry is written. */
async function record(client: ClientBase, entry: NewEntry): Promise<void> {
  await client.query('SELECT n, outcome FROM countersign_commit($1::jsonb)', [
    batchOf([prepare({ entries: [entry] })]).text,
  ])
}

async function inTransaction<T>(pool: Pool, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const done = await work(client)
    await client.query('COMMIT')
    return done
  } catch (fault) {
    await client.query('ROLLBACK').catch((error: Error) => {
      broken = error
    })
    throw fault
  } finally {
    client.release(broken)
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailableIn(error) ?? error
  }
}
