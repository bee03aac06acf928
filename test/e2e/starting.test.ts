import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCli } from '../support/cliProcess.ts'
import { type ServerProcess, startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

/** A server process on a data directory of its own; whatever is left of both ends with the test. */
function startOn(environment: Readonly<Record<string, string>> = {}) {
  const data = temporaryDataDir()
  const server = startServerProcess({ PORT: '0', DATA_DIR: data.path, LOG_LEVEL: 'warn', ...environment })
  const postmaster = () => pidIn(join(data.path, 'postgres', 'cluster', 'postmaster.pid'))
  onTestFinished(async () => {
    await server.stop('SIGKILL')
    const left = postmaster()
    if (left !== null && isAlive(left)) process.kill(left, 'SIGKILL')
    data.remove()
  })
  return { server, dataDir: data.path, postmaster }
}

function pidIn(file: string): number | null {
  if (!existsSync(file)) return null
  return Number(readFileSync(file, 'utf8').split('\n')[0]) || null
}

/** A zombie is not alive: where nobody collects it, a process that ended stays one. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A database that takes connections and never says a word. */
async function silentDatabase() {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { url: `postgresql://u@127.0.0.1:${port}/d`, heard: () => sockets.size > 0 }
}

/** The signal, again and again, until the process ends: the first wish, and then somebody who cannot wait. */
async function insist(server: ServerProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = () => server.child.exitCode !== null || server.child.signalCode !== null
  await expect.poll(() => ended() || !server.child.kill(signal)).toBe(true)
  return server.child.exitCode
}

describe('told to stop while it starts', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    '%s ends it while the database says nothing, with the exit code %i and a line',
    async (signal, code) => {
      const database = await silentDatabase()
      const { server } = startOn({ DATABASE_URL: database.url })
      await expect.poll(database.heard).toBe(true)

      expect(await server.stop(signal)).toBe(code)

      expect(server.printed()).toContain(
        'Stopped before it was done; nothing that was begun is left running.',
      )
      expect(server.printed()).not.toMatch(/^ +at /m)
    },
  )

  test('while its own database starts, that is gone too', async () => {
    const { server, postmaster } = startOn()
    await expect.poll(postmaster, { interval: 5 }).not.toBeNull()
    const pid = postmaster() ?? 0

    expect(await server.stop('SIGTERM')).toBe(143)

    expect(isAlive(pid)).toBe(false)
  })

  test('a start that takes long says what it waits for', async () => {
    const database = await silentDatabase()
    const { server } = startOn({ DATABASE_URL: database.url })

    await expect.poll(server.printed).toMatch(/still starting: waiting for the database at 127\.0\.0\.1:\d+/)
    expect(await server.stop('SIGTERM')).toBe(143)
    expect(server.printed().match(/still starting/g)).toHaveLength(1)
  })
})

test('one Ctrl-C counts once, however often npm passes it on', async () => {
  const { server, postmaster } = startOn()
  await server.url
  const pid = postmaster() ?? 0

  for (let times = 0; times < 3; times += 1) server.child.kill('SIGINT')
  expect(await server.stop('SIGINT')).toBe(0)

  expect(server.printed()).toContain('Everything that was acknowledged is kept.')
  expect(isAlive(pid)).toBe(false)
})

test('a second Ctrl-C does not wait, and leaves no database behind', async () => {
  const { server, postmaster } = startOn()
  await server.url
  const pid = postmaster() ?? 0
  process.kill(pid, 'SIGSTOP') // it cannot stop in order
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  })

  expect(await insist(server, 'SIGINT')).toBe(130)
  process.kill(pid, 'SIGCONT')

  await expect.poll(() => isAlive(pid)).toBe(false)
})

test('what cannot be ended in order is named, everything else ends, and the exit code says so', async () => {
  const { server, dataDir, postmaster } = startOn()
  const url = await server.url
  const pid = postmaster() ?? 0
  rmSync(join(dataDir, 'running.json'))
  mkdirSync(join(dataDir, 'running.json', 'inner'), { recursive: true })

  expect(await server.stop('SIGINT')).toBe(1)

  expect(server.printed()).toMatch(/Not everything ended in order: running\.json \(.+\)/)
  expect(isAlive(pid)).toBe(false)
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
})

test('a command that is told to stop leaves no database behind either', async () => {
  const first = startOn()
  await first.server.url
  expect(await first.server.stop('SIGINT')).toBe(0)

  const running = runCli({ DATA_DIR: first.dataDir }, 'policy', 'history')
  await expect.poll(first.postmaster, { interval: 5 }).not.toBeNull()
  const pid = first.postmaster() ?? 0
  const [command] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/(?<=^PPid:\t)\d+/m) ?? []
  if (command !== undefined && Number(command) > 1) process.kill(Number(command), 'SIGINT')

  expect([0, 130]).toContain((await running).code) // it may have been done
  expect(isAlive(pid)).toBe(false)
})

describe('what stands in the environment', () => {
  const shell = { PGHOST: 'elsewhere.invalid', PGSSLMODE: 'require', PGOPTIONS: '-c statement_timeout=1' }

  test('for psql decides nothing here, and is said', async () => {
    const { server } = startOn(shell)

    await server.url

    expect(server.printed()).toContain('PGHOST, PGOPTIONS, PGSSLMODE')
  })

  test('doctor says it too, and that links lead nowhere', async () => {
    const data = temporaryDataDir()
    onTestFinished(() => data.remove())
    const ran = await runCli(
      {
        ...shell,
        DATA_DIR: data.path,
        SLACK_BOT_TOKEN: 'xoxb-none',
        SLACK_SIGNING_SECRET: '0'.repeat(32),
        SLACK_API_URL: 'http://127.0.0.1:1/',
      },
      'doctor',
    )

    expect(ran.code).toBe(1)
    expect(ran.out).toMatch(/✓ configuration PGHOST, PGOPTIONS, PGSSLMODE {2}are set in the environment/)
    expect(ran.out).toMatch(
      /✗ configuration BASE_URL {2}is not set, so links point to http:\/\/0\.0\.0\.0:3000/,
    )
    expect(existsSync(data.path)).toBe(false)
  })

  test('a parameter that would do nothing is named before anything is begun', async () => {
    const { server } = startOn({ DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/d?schema=gate' })

    await expect(server.url).rejects.toThrow(/DATABASE_URL has the parameter "schema"/)

    expect(server.printed()).toContain('search_path')
    expect(server.printed()).not.toContain('secret')
  })
})

test('a database that cannot be reached is told with the cause in one line', async () => {
  const { server } = startOn({ DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/d' })

  await expect(server.url).rejects.toThrow(/ended with 1/)

  expect(server.printed()).toMatch(
    /^The database could not be reached: .+\n {2}Check host and port .+\n {2}Cause: .*ECONNREFUSED.*$/m,
  )
  expect(server.printed()).not.toContain('secret')
})

describe('a first start', () => {
  /** What a process says on its way, in order; not on a terminal it says so as log lines. */
  const doings = (printed: string) => [...printed.matchAll(/"doing":"([^"]+)"/g)].map(([, doing]) => doing)

  test('says what it does while it does it, and the next one no longer creates anything', async () => {
    const first = startOn({ LOG_LEVEL: 'info' })
    await expect.poll(first.server.printed).toContain('Creating a database')
    expect(first.server.printed()).not.toContain('is ready at') // it is still at it
    await first.server.url
    expect(doings(first.server.printed())).toEqual([
      expect.stringMatching(/^Creating a database in .+, once$/),
      'Starting the database',
      'Creating its tables',
      'Reading the policy',
      'Opening the local Slack of the sandbox',
      'Opening the local Teams of the sandbox',
      'Starting the job workers',
    ])
    expect(await first.server.stop('SIGINT')).toBe(0)

    const next = startServerProcess({ PORT: '0', DATA_DIR: first.dataDir, LOG_LEVEL: 'info' })
    await next.url
    expect(doings(next.printed())).toEqual([
      'Starting the database',
      'Reading the policy',
      'Opening the local Slack of the sandbox',
      'Opening the local Teams of the sandbox',
      'Starting the job workers',
    ])
    expect(await next.stop('SIGINT')).toBe(0)
  })
})
