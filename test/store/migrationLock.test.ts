import type { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createStart } from '../../src/lifetime/start.ts'
import { connect } from '../../src/store/connect.ts'
import { functionsVersion, readFunctions } from '../../src/store/functions.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openStore } from '../../src/store/open.ts'
import { emptyDatabase, freshDatabase, withClient } from '../support/database.ts'
import { silent } from './opened.ts'

const lock = '7305808869230650226'

/** A session that holds the lock, until it lets go of it. */
async function heldOn(url: string): Promise<{ readonly pid: number; readonly letGo: () => void }> {
  let letGo = () => {}
  const held = new Promise<number>((resolve, reject) => {
    withClient(url, async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pg_backend_pid() AS pid FROM pg_advisory_lock(${lock})`,
      )
      resolve(rows[0]?.pid ?? 0)
      await new Promise<void>((go) => {
        letGo = go
      })
    }).catch(reject)
  })
  const pid = await held
  onTestFinished(() => letGo())
  return { pid, letGo }
}

function stoppable() {
  const stopping = new AbortController()
  const said: string[] = []
  const start = createStart({
    signal: stopping.signal,
    log: { warn: (_, message) => void said.push(message) },
  })
  return { start, said, stop: () => stopping.abort(new Error('told to stop')) }
}

/** What sessions of ours are left in a database. */
const sessionsOf = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'countersign%'`,
    )
    return rows.map(({ name }) => name)
  })

async function waitingForLocks(client: Client): Promise<number | null> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rowCount
}

test('a lock that somebody holds is named with the session that holds it, and waited for', async () => {
  const url = await freshDatabase()
  const holder = await heldOn(url)
  const { start, said } = stoppable()

  const opening = openStore({ databaseUrl: url, log: silent, start })
  opening.catch(() => undefined)
  await expect.poll(() => said.join()).toContain(`database session ${holder.pid}`)
  expect(said.join()).toContain(`pg_terminate_backend(${holder.pid})`)

  holder.letGo()
  const store = await opening
  await store.close()
})

test('a start that is told to stop while it waits for the lock leaves at once, and leaves nothing', async () => {
  const url = await freshDatabase()
  await heldOn(url)
  const { start, stop } = stoppable()
  const opening = openStore({ databaseUrl: url, log: silent, start })
  opening.catch(() => undefined)
  await expect.poll(() => sessionsOf(url)).not.toEqual([])

  stop()

  await expect(opening).rejects.toThrow('told to stop')
  await expect.poll(() => sessionsOf(url)).toEqual([])
})

test('told to stop while a migration waits for a lock of somebody, it takes the migration back', async () => {
  const url = await emptyDatabase()
  const pool = await connect(url, silent)
  await migrate(pool, silent, {
    functions: { ...(await readFunctions({ version: functionsVersion - 1 })), checksum: 'older' },
  })
  await pool.end()
  await withClient(url, async (other) => {
    await other.query('BEGIN; LOCK TABLE policy_versions, policy_activations, entries, installation')
    const { start, stop } = stoppable()
    const opening = openStore({ databaseUrl: url, log: silent, start })
    opening.catch(() => undefined)
    const waiting = () => withClient(url, waitingForLocks)
    await expect.poll(waiting).toBe(1)

    stop()

    await expect(opening).rejects.toThrow('told to stop')
    await expect.poll(waiting).toBe(0)
  })
  expect(await sessionsOf(url)).toEqual([])
})

test('control: nobody holds the lock, and nothing is said', async () => {
  const { start, said } = stoppable()

  const store = await openStore({ databaseUrl: await freshDatabase(), log: silent, start })
  await store.close()

  expect(said).toEqual([])
})
