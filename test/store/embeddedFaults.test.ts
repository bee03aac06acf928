import { chmod, chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { withClient } from '../support/database.ts'
import { silent } from './opened.ts'

/** One database for all: made once, and put back as it was after each test. */
let dataDir: string
const clusterOf = (place: string) => join(place, 'postgres', 'cluster')
const asRoot = process.getuid?.() === 0

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'countersign-embedded-faults-'))
  await chmod(dataDir, 0o711) // PostgreSQL's own user has to pass, when the tests run as root
  await (await startEmbedded({ dataDir, log: silent })).stop()
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

async function startAndStop(): Promise<string> {
  const database = await startEmbedded({ dataDir, log: silent })
  await withClient(database.url, (client) => client.query('SELECT 1'))
  await database.stop()
  return 'it started'
}

/** Takes a file of the database away until the test ends. */
async function lose(name: string): Promise<void> {
  const file = join(clusterOf(dataDir), name)
  await rename(file, `${file}.lost`)
  onTestFinished(() => rename(`${file}.lost`, file))
}

describe('files of the database that cannot be used are named, with what helps, and never touched', () => {
  test.each(['PG_VERSION', 'countersign.password'])('%s is lost', async (name) => {
    await lose(name)
    const before = await readdir(clusterOf(dataDir))

    await expect(startAndStop()).rejects.toMatchObject({
      code: 'files_damaged',
      message: expect.stringContaining(name),
      fix: expect.stringContaining('backup'),
    })

    expect(await readdir(clusterOf(dataDir))).toEqual(before)
  })

  test.each(['PG_VERSION', 'countersign.password'])('%s is empty', async (name) => {
    await lose(name)
    await writeFile(join(clusterOf(dataDir), name), '')

    await expect(startAndStop()).rejects.toMatchObject({
      code: 'files_damaged',
      message: expect.stringContaining(name),
    })
  })

  test('others may read them', async () => {
    await chmod(clusterOf(dataDir), 0o755)
    onTestFinished(() => chmod(clusterOf(dataDir), 0o700))

    await expect(startAndStop()).rejects.toMatchObject({
      code: 'not_writable',
      fix: expect.stringContaining('chmod 700'),
    })
  })

  test.runIf(asRoot)('they belong to somebody else', async () => {
    const { uid, gid } = await stat(clusterOf(dataDir))
    await chown(clusterOf(dataDir), 0, 0)
    onTestFinished(() => chown(clusterOf(dataDir), uid, gid))

    await expect(startAndStop()).rejects.toMatchObject({
      code: 'not_writable',
      fix: expect.stringContaining(`chown -R ${uid} `),
    })
  })

  test('control: they start when they are as they were', async () => {
    expect(await startAndStop()).toBe('it started')
  })
})

test.each(['', '\n', 'x\n'])(
  'a pid file that holds %j is no server, and does not keep one from starting',
  async (text) => {
    await writeFile(join(clusterOf(dataDir), 'postmaster.pid'), text)

    expect(await startAndStop()).toBe('it started')
  },
)

describe('a start that is told to stop', () => {
  const told = new Error('told to stop')
  const isThere = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    )

  test('while the files are made leaves none', async () => {
    const place = await mkdtemp(join(tmpdir(), 'countersign-embedded-stop-'))
    await chmod(place, 0o711)
    onTestFinished(() => rm(place, { recursive: true, force: true }))
    const stopping = new AbortController()
    const starting = startEmbedded({ dataDir: place, log: silent, signal: stopping.signal })
    starting.catch(() => undefined)
    const made = async () => (await readdir(join(place, 'postgres')).catch(() => [])).join()
    await expect.poll(made).toContain('unfinished')

    stopping.abort(told)

    await expect(starting).rejects.toBe(told)
    expect(await isThere(clusterOf(place))).toBe(false)
    expect(await made()).not.toContain('unfinished')
  })

  test('while the server starts has ended it when it says so', async () => {
    const stopping = new AbortController()
    const starting = startEmbedded({ dataDir, log: silent, signal: stopping.signal })
    starting.catch(() => undefined)
    const pidFile = join(clusterOf(dataDir), 'postmaster.pid')
    await expect.poll(() => isThere(pidFile)).toBe(true)

    stopping.abort(told)

    await expect(starting.then(({ stop }) => stop().then(() => Promise.reject(told)))).rejects.toBe(told)
    expect(await isThere(pidFile)).toBe(false)
  })

  test('before it began begins nothing', async () => {
    const log = await readFile(join(dataDir, 'postgres', 'postgres.log'), 'utf8')

    await expect(startEmbedded({ dataDir, log: silent, signal: AbortSignal.abort(told) })).rejects.toBe(told)

    expect(await readFile(join(dataDir, 'postgres', 'postgres.log'), 'utf8')).toBe(log)
  })
})
