import { mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startServer } from '../../src/server/start.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { configOf, listeningLog, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace } from './workspace.ts'

const told = new Error('told to stop')

/** A server that takes connections and never says a word. */
async function silentServer(): Promise<{ readonly port: number; readonly connections: () => number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { port, connections: () => sockets.size }
}

/** Starts, and tells it to stop when `reached` says so. Resolves to what was thrown. */
async function stopWhen(environment: Record<string, string>, reached: () => Promise<boolean> | boolean) {
  const stopping = new AbortController()
  const { log, logged } = listeningLog()
  const started = startServer(configOf(environment), log, { signal: stopping.signal }).then(
    async (server) => {
      await server.stop()
      return 'it started'
    },
    (error: unknown) => error,
  )
  await expect.poll(reached).toBe(true)
  stopping.abort(told)
  return { thrown: await started, logged }
}

/** Our sessions in a database, whatever they do. */
const sessionsIn = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'countersign%'`,
    )
    return rows.length
  })

describe('a start that is told to stop obeys at once, and leaves nothing', () => {
  test('while the database says nothing', async () => {
    const { port, connections } = await silentServer()
    const dataDir = temporaryDirectory()
    const DATABASE_URL = `postgresql://u@127.0.0.1:${port}/d`

    const { thrown } = await stopWhen({ DATABASE_URL, DATA_DIR: dataDir }, () => connections() > 0)

    expect(thrown).toBe(told)
    expect(readdirSync(dataDir)).not.toContain('running.json')
  })

  test('while Slack says nothing', async () => {
    const { environment } = await openWorkspace()
    const { port, connections } = await silentServer()
    const database = await freshDatabase()

    const { thrown } = await stopWhen(
      {
        ...environment,
        SLACK_API_URL: `http://127.0.0.1:${port}/`,
        DATABASE_URL: database,
        DATA_DIR: temporaryDirectory(),
      },
      () => connections() > 0,
    )

    expect(thrown).toBe(told)
    await expect.poll(() => sessionsIn(database)).toBe(0)
  })

  test('while a table is locked that it has to read', async () => {
    const database = await freshDatabase()
    await withClient(database, async (other) => {
      await other.query('BEGIN; LOCK TABLE installation')
      const { thrown } = await stopWhen(
        { DATABASE_URL: database, DATA_DIR: temporaryDirectory() },
        async () =>
          withClient(database, async (client) => {
            const { rowCount } = await client.query(
              `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            )
            return rowCount === 1
          }),
      )
      expect(thrown).toBe(told)
    })
    await expect.poll(() => sessionsIn(database)).toBe(0)
  })

  test('before it began', async () => {
    const { log } = listeningLog()
    const dataDir = temporaryDirectory()
    const environment = { DATABASE_URL: await freshDatabase(), DATA_DIR: dataDir }

    await expect(startServer(configOf(environment), log, { signal: AbortSignal.abort(told) })).rejects.toBe(
      told,
    )
  })

  test('control: told when it runs, it goes on until it is stopped', async () => {
    const environment = { DATABASE_URL: await freshDatabase(), DATA_DIR: temporaryDirectory() }
    const stopping = new AbortController()
    const server = await startServer(configOf(environment), listeningLog().log, { signal: stopping.signal })
    onTestFinished(() => server.stop())

    stopping.abort(told)

    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })
})

describe('a start that fails half-way leaves nothing running', () => {
  /** Everything that holds a port, a socket or a timer in this process. */
  const busy = () =>
    process.getActiveResourcesInfo().filter((one) => /Server|TCPSocket|Pipe/.test(one)).length

  const broken: readonly [string, (dataDir: string, database: string) => unknown][] = [
    ['at the data directory', (dataDir) => writeFileSync(join(dataDir, 'secret'), 'half')],
    [
      'at the database',
      (_, database) => withClient(database, (client) => client.query('DROP TABLE cards CASCADE')),
    ],
    [
      'at the installation',
      (_, database) =>
        withClient(database, (client) => client.query('ALTER TABLE installation RENAME kind TO kin')),
    ],
    [
      'at the policy',
      (_, database) =>
        withClient(database, (client) => client.query('ALTER TABLE policy_activations RENAME TO elsewhere')),
    ],
    [
      'at the jobs',
      (_, database) =>
        withClient(database, (client) =>
          client.query('ALTER TABLE graphile_worker._private_jobs RENAME TO elsewhere'),
        ),
    ],
    ["at the sandbox's agents", (dataDir) => mkdirSync(join(dataDir, 'sandbox-agents.json'))],
    ['at running.json', (dataDir) => mkdirSync(join(dataDir, 'running.json', 'inner'), { recursive: true })],
  ]

  test.each(broken)('%s', async (_, spoil) => {
    const database = await freshDatabase()
    const dataDir = temporaryDirectory()
    await spoil(dataDir, database)
    const before = busy()
    const { log } = listeningLog()

    const thrown = await startServer(configOf({ DATABASE_URL: database, DATA_DIR: dataDir }), log).then(
      async (server) => {
        await server.stop()
        return 'it started'
      },
      (error: unknown) => error,
    )

    expect(thrown).toMatchObject({ fix: expect.stringMatching(/\w/) })
    await expect.poll(() => sessionsIn(database)).toBe(0)
    await expect.poll(busy).toBeLessThanOrEqual(before)
  })
})

describe('an end that does not go in order', () => {
  test('says what did not end, and everything else has', async () => {
    const database = await freshDatabase()
    const dataDir = temporaryDirectory()
    const server = await serve({ DATABASE_URL: database, DATA_DIR: dataDir })
    const running = join(dataDir, 'running.json')
    unlinkSync(running)
    mkdirSync(join(running, 'inner'), { recursive: true })

    await server.stop()

    expect(server.failed()).toEqual([expect.stringContaining('running.json')])
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
    expect(await sessionsIn(database)).toBe(0)
  })

  test('control: one that does says nothing', async () => {
    const server = await serve({ DATABASE_URL: await freshDatabase(), DATA_DIR: temporaryDirectory() })

    await server.stop()

    expect(server.failed()).toEqual([])
  })
})

test('a start that waits says for what, once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 200 })
  onTestFinished(() => void vi.useRealTimers())
  const { port, connections } = await silentServer()
  const stopping = new AbortController()
  const { log, logged } = listeningLog()
  const config = configOf({
    DATABASE_URL: `postgresql://u@127.0.0.1:${port}/d`,
    DATA_DIR: temporaryDirectory(),
  })
  const started = startServer(config, log, { signal: stopping.signal })
  started.catch(() => undefined)

  await expect.poll(() => connections()).toBe(1)
  await expect
    .poll(() => logged.map(({ msg }) => msg))
    .toContain(`still starting: waiting for the database at 127.0.0.1:${port}`)
  stopping.abort(told)

  await expect(started).rejects.toBe(told)
})
