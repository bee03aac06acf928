import { expect, test } from 'vitest'
import { withClient } from '../support/database.ts'
import { opened } from './opened.ts'

const replica = (id: string) => ({ id, name: `host ${id}`, policy: null })
const rows = async (databaseUrl: string) =>
  (await withClient(databaseUrl, (client) => client.query('SELECT id FROM replicas ORDER BY id'))).rows
const silentFor = (databaseUrl: string, id: string, interval: string) =>
  withClient(databaseUrl, (client) =>
    client.query('UPDATE replicas SET seen_at = seen_at - $2::interval WHERE id = $1', [id, interval]),
  )

test('a replica that is silent is listed with the seconds by the clock of the database, and after a while no more', async () => {
  const { store, databaseUrl } = await opened()
  await store.beat(replica('rep_1'))
  await silentFor(databaseUrl, 'rep_1', '90 seconds')
  const [seen] = await store.replicas()
  expect(seen?.silentSeconds).toBeGreaterThan(89)

  await silentFor(databaseUrl, 'rep_1', '15 minutes')

  expect(await store.replicas()).toEqual([])
})

test('the rows of those that are long dead go with the beat of another, and nobody else does', async () => {
  const { store, databaseUrl } = await opened()
  for (const id of ['rep_1', 'rep_2', 'rep_3']) await store.beat(replica(id))
  await silentFor(databaseUrl, 'rep_1', '61 minutes')
  await silentFor(databaseUrl, 'rep_2', '59 minutes')

  await store.beat(replica('rep_3'))

  expect(await rows(databaseUrl)).toEqual([{ id: 'rep_2' }, { id: 'rep_3' }])
})

test('two that slept for long and beat at the same moment do not wait for each other', async () => {
  const { store, databaseUrl } = await opened()
  for (let round = 0; round < 10; round += 1) {
    for (const id of ['rep_1', 'rep_2']) await store.beat(replica(id))
    for (const id of ['rep_1', 'rep_2']) await silentFor(databaseUrl, id, '2 hours')
    await Promise.all(['rep_1', 'rep_2', 'rep_3', 'rep_1', 'rep_2'].map((id) => store.beat(replica(id))))
  }

  const { rows: seen } = await withClient(databaseUrl, (client) =>
    client.query('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'),
  )
  expect(seen).toEqual([{ deadlocks: '0' }])
})

test('where nothing can be written, a beat is no beat', async () => {
  const { store, pool, databaseUrl } = await opened()
  const name = new URL(databaseUrl).pathname.slice(1)
  await withClient(databaseUrl, (client) =>
    client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`),
  )
  // And every session of the pool: none is busy, so each of as many at once gets one of its own.
  const sessions = await Promise.all(Array.from({ length: pool.options.max ?? 1 }, () => pool.connect()))
  for (const session of sessions) await session.query('SET default_transaction_read_only = on')
  for (const session of sessions) session.release()

  await expect(store.beat(replica('rep_1'))).rejects.toThrow()
})
