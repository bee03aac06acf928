import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createPool, type PoolLimits, type SessionPool, usualLimits } from '../../src/store/pool.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { relayTo } from '../support/relay.ts'
import { silent } from './opened.ts'

/** What is silent for so long is given up here; nothing that answers takes as long. */
const soon = { ...usualLimits, silent: 1_500, server: null }

function pooled(url: string, limits: Partial<PoolLimits> = {}): SessionPool {
  const pool = createPool(url, silent, { ...usualLimits, ...limits })
  onTestFinished(async () => {
    if (!pool.ending) await Promise.all([pool.end(), pool.cut()])
  })
  return pool
}

const pid = async (asker: { query: (text: string) => Promise<{ rows: { pid: number }[] }> }) =>
  (await asker.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid

/** Borrows, does something with the session, gives it back without a word, and says which one it was. */
async function borrowed(pool: SessionPool, work: string): Promise<number | undefined> {
  const client = await pool.connect()
  try {
    const mine = await pid(client)
    await client.query(work).catch(() => undefined)
    return mine
  } finally {
    client.release()
  }
}

const raises = (state: string) => `DO $$ BEGIN RAISE EXCEPTION 'no good' USING ERRCODE = '${state}'; END $$`

test.each([
  ['25006', 'a read-only transaction'],
  ['26000', 'a prepared statement that is gone'],
  ['42P05', 'a prepared statement of somebody else'],
  ['42P01', 'a table that is not where it looks'],
  ['42883', 'a function that is not where it looks'],
  ['3F000', 'a schema that is not there'],
  ['0A000', 'a plan that went stale'],
  ['57P01', 'a server that is shut down'],
  ['57P02', 'a server that crashed'],
  ['57P03', 'a server that does not take us'],
  ['08006', 'a connection that a pooler lost'],
  ['25P02', 'an aborted transaction'],
])('a session that said %s (%s) is not lent again, whoever had it', async (state) => {
  const pool = pooled(await freshDatabase())

  const first = await borrowed(pool, raises(state))

  expect(await pid(pool)).not.toBe(first)
})

test.each(['23505', '22P02', '42703', '40001', '53100', '57014', 'P0001'])(
  'control: a statement that fails with %s leaves its session alone',
  async (state) => {
    const pool = pooled(await freshDatabase())

    const first = await borrowed(pool, raises(state))

    expect(await pid(pool)).toBe(first)
  },
)

test('control: a session that is given back sound is lent again', async () => {
  const pool = pooled(await freshDatabase())

  const first = await borrowed(pool, 'SELECT 1')

  expect(await pid(pool)).toBe(first)
})

test('a session that is given back inside a transaction, or with a statement on its way, is not lent again', async () => {
  const pool = pooled(await freshDatabase())

  const left = await borrowed(pool, 'BEGIN')
  const client = await pool.connect()
  const busy = await pid(client)
  const lost = expect(client.query('SELECT pg_sleep(60)')).rejects.toThrow()
  client.release()
  await lost

  const next = await pid(pool)
  expect(next).not.toBe(left)
  expect(next).not.toBe(busy)
})

test('after one read-only answer all sessions of that age are given up, also those that nobody had', async () => {
  const pool = pooled(await freshDatabase())
  const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
  const old = await Promise.all(clients.map(pid))
  const [first, ...others] = clients
  for (const client of others) client.release()
  await first?.query(raises('25006')).catch(() => undefined)
  first?.release()

  const now = await Promise.all([1, 2, 3].map(() => pid(pool)))

  expect(now.filter((one) => old.includes(one))).toEqual([])
})

test.each(['promise', 'callback'])(
  'a statement that is never answered is given up, and its session with it: %s',
  async (form) => {
    const relay = await relayTo(await freshDatabase())
    const pool = pooled(relay.url, soon)
    const client = await pool.connect()
    relay.silence()

    const fault = await (form === 'promise'
      ? client.query('SELECT 1').then(null, (error: unknown) => error)
      : new Promise((resolve) => client.query('SELECT 1', (error) => resolve(error))))
    client.release()

    expect(fault).toMatchObject({ name: 'SessionFault', code: '08006' })
    expect(await pid(pool)).toEqual(expect.any(Number))
  },
)

test('all connections silent under load: calls succeed again when the first is given up', async () => {
  const relay = await relayTo(await freshDatabase())
  const pool = pooled(relay.url, { ...soon, size: 4 })
  await Promise.all([1, 2, 3, 4].map(() => pool.query('SELECT pg_sleep(0.01)')))
  expect(pool.totalCount).toBe(4)
  relay.silence()

  const stuck = await Promise.allSettled([1, 2, 3, 4].map(() => pool.query('SELECT 1')))
  const next = await Promise.allSettled(Array.from({ length: 20 }, () => pool.query('SELECT 1')))

  expect(stuck.map(({ status }) => status)).toEqual(Array(4).fill('rejected'))
  expect(next.map(({ status }) => status)).toEqual(Array(20).fill('fulfilled'))
})

test('a session that went silent while it rested is found before somebody gets it', async () => {
  const relay = await relayTo(await freshDatabase())
  const pool = pooled(relay.url, { silent: 60_000, rest: 0, probe: 200 })
  await pool.query('SELECT 1')
  relay.silence()

  expect(await pid(pool)).toEqual(expect.any(Number))
  expect(relay.taken()).toBe(2)
})

test('a session is not used for longer than its age', async () => {
  const pool = pooled(await freshDatabase(), { age: 200 })
  const first = await pid(pool)

  await expect.poll(() => pid(pool)).not.toBe(first)
})

test('nobody waits for ever for a connection, and hears that all are in use', async () => {
  const pool = pooled(await freshDatabase(), { size: 1, connect: 200 })
  const only = await pool.connect()

  await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '53300' })
  only.release()

  expect(await pid(pool)).toEqual(expect.any(Number))
})

test('a server that takes connections and says nothing counts as not reached', async () => {
  const relay = await relayTo(await freshDatabase())
  const pool = pooled(relay.url, { connect: 200 })
  relay.silence('newToo')

  await expect(pool.query('SELECT 1')).rejects.toMatchObject({ name: 'SessionFault', code: '08001' })
})

test('what the server says when it refuses a connection stays as it is', async () => {
  const url = new URL(await freshDatabase())
  url.pathname = '/no_such_database'

  await expect(pooled(url.href).query('SELECT 1')).rejects.toMatchObject({ code: '3D000' })
})

test('a bug in a statement stays a bug, and its session stays', async () => {
  const pool = pooled(await freshDatabase())
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const first = await pid(pool)

  await expect(pool.query('SELECT $1', [circle])).rejects.toBeInstanceOf(TypeError)

  expect(await pid(pool)).toBe(first)
})

test('a statement that the server is slow with is ended there, and the answer is certain', async () => {
  const pool = pooled(await freshDatabase(), {
    server: { statement: 700, lock: 700, idleInTransaction: 700 },
  })
  const first = await pid(pool)

  await expect(pool.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' })

  expect(await pid(pool)).toBe(first)
})

test('a lock that somebody holds is waited for only so long', async () => {
  const url = await freshDatabase()
  const pool = pooled(url, { server: { statement: 10_000, lock: 300, idleInTransaction: 10_000 } })

  await withClient(url, async (holder) => {
    await holder.query('SELECT pg_advisory_lock(7)')
    await expect(pool.query('SELECT pg_advisory_lock(7)')).rejects.toMatchObject({ code: '55P03' })
  })
})

test('a transaction that its client forgot is ended by the server, with its locks', async () => {
  const url = await freshDatabase()
  const pool = pooled(url, { server: { statement: 10_000, lock: 10_000, idleInTransaction: 1_000 } })
  const forgetful = await pool.connect()
  await forgetful.query('BEGIN')
  await forgetful.query('SELECT pg_advisory_xact_lock(7)')

  await withClient(url, (other) => other.query('SELECT pg_advisory_lock(7)'))

  forgetful.release()
})

test('a process that was busy when the answer came does not give up a session that answered', async () => {
  const pool = pooled(await freshDatabase(), { silent: 1_000, server: null })
  await pool.query('SELECT 1')
  const answered = pool.query('SELECT 1 AS one')
  await delay(0)
  const until = performance.now() + 1_300
  while (performance.now() < until); // nothing else runs meanwhile

  expect((await answered).rows).toEqual([{ one: 1 }])
})

test('whoever asks a pool that has ended hears so, and may give back what they never got', async () => {
  const pool = pooled(await freshDatabase())
  await pool.end()

  const heard = await new Promise((resolve) =>
    pool.connect((error, client, done) => {
      done()
      resolve({ error, client })
    }),
  )

  expect(heard).toMatchObject({ error: { code: 'VN002' }, client: undefined })
})

test('ending does not wait for connections that are silent', async () => {
  const relay = await relayTo(await freshDatabase())
  const pool = pooled(relay.url, { goodbye: 100 })
  await Promise.all([1, 2, 3].map(() => pool.query('SELECT pg_sleep(0.01)')))
  const lent = await pool.connect()
  relay.silence()

  const ended = pool.end()
  pool.cut()
  lent.release()

  await ended
  expect(pool.totalCount).toBe(0)
})
