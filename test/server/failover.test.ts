import { expect, test } from 'vitest'
import { freshDatabase, withClient } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, exportBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const endSessions =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
const ours = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'countersign'`

/** A server, and the failover of its database: sessions that are opened meanwhile can only read, for as long as they live. */
async function served() {
  const workspace = await openWorkspace()
  const database = await freshDatabase()
  const name = new URL(database).pathname.slice(1)
  const server = await serve({
    ...workspace.environment,
    DATABASE_URL: database,
    DATA_DIR: temporaryDirectory(),
  })
  const agent = agentWith(await registerAgent(server.config, 'nightly'))
  const ready = async () => (await fetch(`${server.url}/readyz`)).status
  return {
    server,
    agent,
    ready,
    record: recordOf(database),
    begin: () =>
      withClient(database, async (client) => {
        await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
        await client.query(endSessions)
      }),
    /** Workers and watchers have connected again by themselves. */
    reconnected: () =>
      expect
        .poll(() => withClient(database, async (client) => (await client.query(ours)).rows))
        .not.toHaveLength(0),
    end: () =>
      withClient(database, async (client) => {
        await client.query('SET default_transaction_read_only = off')
        await client.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`)
      }),
  }
}

test('after a failover that left sessions read-only, who asks is answered and the card is posted, without a restart', async () => {
  const { server, agent, record, ready, begin, reconnected, end } = await served()
  await begin()
  await reconnected()
  await end()

  await expect.poll(async () => (await agent.ask(server.url, exportBody)).status).toBe(202)

  await expect.poll(async () => (await record.cards()).includes('posted')).toBe(true)
  await expect.poll(ready).toBe(200)
})

test('while every session can only read, each who asks hears 503, the server is not ready, and both come back', async () => {
  const { server, agent, record, ready, begin, reconnected, end } = await served()
  await begin()
  await reconnected()

  const heard = await Promise.all([1, 2, 3, 4].map(() => agent.ask(server.url, exportBody)))
  expect(heard.map(({ status, body }) => [status, body.code])).toEqual(
    Array(4).fill([503, 'store_unavailable']),
  )
  expect(await ready()).toBe(503)
  expect(server.logged.map(({ msg }) => msg)).toContain('The database takes no writes: it is read-only.')
  await end()

  await expect.poll(async () => (await agent.ask(server.url, exportBody)).status).toBe(202)
  await expect.poll(ready).toBe(200)
  await expect.poll(async () => (await record.cards()).includes('posted')).toBe(true)
})
