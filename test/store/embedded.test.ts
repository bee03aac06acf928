import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { withClient } from '../support/database.ts'
import { silent } from './opened.ts'

// Below node_modules, because what it imports from there has to be found.
const child = new URL('../../node_modules/.cache/countersign/embeddedChild.mjs', import.meta.url).pathname

beforeAll(async () => {
  const entryPoints = [new URL('embeddedChild.ts', import.meta.url).pathname]
  await build({
    entryPoints,
    outfile: child,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
})

test('starts, keeps what was written, stops, and starts again', async () => {
  const dataDir = await dataDirectory()
  const first = await start(dataDir)
  await withClient(first.migrateUrl, (client) => client.query('CREATE TABLE kept (id int)'))

  await first.stop()
  const second = await start(dataDir)

  expect(await isAlive(first.pid)).toBe(false)
  expect(second.note).toBeUndefined()
  await withClient(second.migrateUrl, (client) => client.query('SELECT * FROM kept'))
  expect((await stat(join(dataDir, 'postgres', 'cluster', 'countersign.password'))).mode & 0o077).toBe(0)
})

test('takes over the database of a process that was killed', async () => {
  const dataDir = await dataDirectory()
  const dead = await startProcess(dataDir)
  dead.process.kill('SIGKILL')
  await once(dead.process, 'exit')

  const heir = await start(dataDir)

  expect(heir.pid).toBe(dead.databasePid)
  await withClient(heir.url, (client) => client.query('SELECT 1'))
  await heir.stop()
  expect(await isAlive(dead.databasePid)).toBe(false)
})

test('recovers when the process and its database were killed together', async () => {
  const dataDir = await dataDirectory()
  const dead = await startProcess(dataDir)
  dead.process.kill('SIGKILL')
  process.kill(dead.databasePid, 'SIGKILL')
  await once(dead.process, 'exit')

  const heir = await start(dataDir)

  expect(heir.pid).not.toBe(dead.databasePid)
  await withClient(heir.url, (client) => client.query('SELECT 1'))
})

test('refuses a data directory that another server uses, and says which', async () => {
  const dataDir = await dataDirectory()
  const other = await startProcess(dataDir)

  await expect(start(dataDir)).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringContaining(`process ${other.process.pid}`),
    fix: expect.stringContaining('DATA_DIR'),
  })

  expect(await isAlive(other.databasePid)).toBe(true)
})

test('a command beside a running server uses its database and leaves it running', async () => {
  const dataDir = await dataDirectory()
  const server = await startProcess(dataDir)

  const { url, pid, stop } = await startEmbedded({ dataDir, log: silent, beside: true })
  await withClient(url, (client) => client.query('SELECT 1'))
  await stop()

  expect(pid).toBe(server.databasePid)
  expect(await isAlive(server.databasePid)).toBe(true)
})

test('starts its database again when that ends by itself', async () => {
  const database = await start(await dataDirectory())

  process.kill(database.pid, 'SIGKILL')

  const answers = () =>
    withClient(database.url, (client) => client.query('SELECT 1')).then(
      () => 'yes',
      () => 'no',
    )
  await expect.poll(answers).toBe('yes')
})

test('is not confused by a pid file whose number now belongs to another program', async () => {
  const dataDir = await dataDirectory()
  await (await start(dataDir)).stop()
  const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
  await writeFile(file, `${process.ppid}\n/somewhere\n0\n5432\n\n\n0 0\nready\n`)

  const database = await start(dataDir)

  expect(database.pid).not.toBe(process.ppid)
})

test('a directory that cannot be written is refused with the way to fix it', async () => {
  const dataDir = await dataDirectory()
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, 'file'), '')

  const refusal = start(join(dataDir, 'file', 'below'))

  await expect(refusal).rejects.toMatchObject({
    code: 'not_writable',
    fix: expect.stringContaining('DATA_DIR'),
  })
})

test('files of another version are refused, and kept', async () => {
  const dataDir = await dataDirectory()
  await (await start(dataDir)).stop()
  const file = join(dataDir, 'postgres', 'cluster', 'PG_VERSION')
  await writeFile(file, '17\n')

  await expect(start(dataDir)).rejects.toMatchObject({
    code: 'start_failed',
    fix: expect.stringContaining('pg_dump'),
  })
  expect(await readFile(file, 'utf8')).toBe('17\n')
})

test('listens on loopback when the directory is too long for a socket', async () => {
  const dataDir = join(await dataDirectory(), 'x'.repeat(100))

  const { url } = await start(dataDir)

  expect(new URL(url).hostname).toBe('127.0.0.1')
})

test.runIf(process.getuid?.() === 0)(
  'as root, below a directory that only root can enter, it lives elsewhere and says where',
  async () => {
    const closed = await dataDirectory()
    await chmod(closed, 0o700)
    const dataDir = join(closed, 'inner')

    const first = await start(dataDir)
    const place = (await readFile(join(dataDir, 'postgres.place'), 'utf8')).trim()
    onTestFinished(() => rm(place, { recursive: true, force: true }))
    await withClient(first.migrateUrl, (client) => client.query('CREATE TABLE kept (id int)'))
    await first.stop()
    const second = await start(dataDir)

    expect(first.note).toContain(place)
    expect(second.note).toBe(first.note)
    await withClient(second.migrateUrl, (client) => client.query('SELECT * FROM kept'))
  },
)

async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-embedded-'))
  await chmod(directory, 0o711) // PostgreSQL's own user has to pass, when the tests run as root
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function start(dataDir: string) {
  const database = await startEmbedded({ dataDir, log: silent })
  onTestFinished(() => database.stop())
  return database
}

/** A server in a process of its own; both are ended with the test. */
async function startProcess(
  dataDir: string,
): Promise<{ readonly process: ChildProcess; readonly databasePid: number }> {
  const server = spawn(process.execPath, [child, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(server.stdout, 'data')
  const databasePid = Number(String(line))
  onTestFinished(async () => {
    server.kill('SIGKILL')
    if (await isAlive(databasePid)) process.kill(databasePid, 'SIGKILL')
  })
  return { process: server, databasePid }
}

/** A zombie is not alive: where nobody collects it, a killed process stays one. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(status)
}
