import { Writable } from 'node:stream'
import type { PoolClient } from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { usualPulse } from '../../src/jobs/pulse.ts'
import { trackPool } from '../../src/jobs/trackedPool.ts'
import { startWorker, type WorkerOptions } from '../../src/jobs/worker.ts'
import { openStore } from '../../src/store/open.ts'
import { createPool, usualLimits } from '../../src/store/pool.ts'
import { silent } from '../store/opened.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { heardHealth } from '../support/health.ts'
import { relayTo } from '../support/relay.ts'

const add = `SELECT graphile_worker.add_job('note', '{}', job_key := gen_random_uuid()::text)`

/** A worker whose sessions go through a relay, and a way to the database beside it. */
async function atWork(more: Partial<WorkerOptions> = {}) {
  const databaseUrl = await freshDatabase()
  const relay = await relayTo(databaseUrl)
  const limits = { ...usualLimits, silent: 1_500, connect: 1_500, goodbye: 300 }
  const store = await openStore({ databaseUrl: relay.url, log: silent, limits })
  onTestFinished(() => store.close())
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const { health, now } = heardHealth()
  let done = 0
  const note = async () => {
    done += 1
  }
  const worker = await startWorker({
    pool: store.pool,
    tasks: { note },
    log: pino({ level: 'warn' }, sink),
    health,
    ...more,
  })
  onTestFinished(() => worker.stop())
  return {
    databaseUrl,
    relay,
    worker,
    conditions: now,
    log: () => lines.join(''),
    done: () => done,
    sql: (text: string) => withClient(databaseUrl, async (client) => (await client.query(text)).rows),
  }
}

/** Every session from now on can only read, those that exist are ended; then new ones could write again. */
const failOver = async (databaseUrl: string, after: 'reset' | 'stay') => {
  const name = new URL(databaseUrl).pathname.slice(1)
  await withClient(databaseUrl, async (client) => {
    await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
  })
  if (after === 'reset') await resetReadOnly(databaseUrl)
}

const resetReadOnly = (databaseUrl: string) =>
  withClient(databaseUrl, async (client) => {
    await client.query('SET default_transaction_read_only = off')
    await client.query(
      `ALTER DATABASE ${new URL(databaseUrl).pathname.slice(1)} RESET default_transaction_read_only`,
    )
  })

/** Sessions of the worker that can only read, opened in the moment when the database was read-only. */
const waitForReadOnlySessions = (sql: (text: string) => Promise<unknown[]>) =>
  expect
    .poll(() =>
      sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'countersign'`,
      ),
    )
    .not.toHaveLength(0)

test('after a failover the sessions that can only read are given up, and jobs are done', async () => {
  const { databaseUrl, sql, done } = await atWork()
  await failOver(databaseUrl, 'stay')
  await waitForReadOnlySessions(sql)
  await resetReadOnly(databaseUrl)

  await sql(add)

  await expect.poll(done).toBe(1)
})

test('while every session can only read, the workers are dead and say why; afterwards they are back', async () => {
  const { databaseUrl, sql, done, conditions, log } = await atWork({
    pulse: { ...usualPulse, quietAfter: 3_000 },
  })
  await failOver(databaseUrl, 'stay')

  await expect.poll(conditions).toContain('workers_dead')
  expect(log()).toMatch(/read-only|job worker/)
  await resetReadOnly(databaseUrl)
  await sql(add)

  await expect.poll(done).toBe(1)
  await expect.poll(conditions).toEqual([])
})

test('all connections silent: jobs are done on new ones', async () => {
  const { relay, sql, done } = await atWork()

  relay.silence()
  await sql(add)

  await expect.poll(done).toBe(1)
})

test('the connection that hears of jobs is found to be silent when it is asked, and taken back at the end', async () => {
  const relay = await relayTo(await freshDatabase())
  const pool = createPool(relay.url, silent, { ...usualLimits, silent: 1_500 })
  onTestFinished(() => pool.end())
  const { pool: tracked, check, closeListeners } = trackPool(pool)
  const client = await new Promise<PoolClient | undefined>((resolve) => {
    tracked.connect((_, client) => resolve(client))
  })
  const lost = new Promise((resolve) => client?.on('error', resolve))
  relay.silence()

  check()

  expect(await lost).toMatchObject({ name: 'SessionFault' })
  closeListeners()
})

test('stopping ends while nothing answers, neither old connections nor new ones', async () => {
  const { relay, worker } = await atWork()
  relay.silence('newToo')

  await worker.stop()
})

test('stopping ends while the worker tries to start again', async () => {
  const { relay, worker, log } = await atWork()
  relay.silence('newToo')
  await expect.poll(log).toContain('starts again')

  await worker.stop()
})
