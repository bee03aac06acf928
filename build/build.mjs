// Builds dist/: the Prisma client, the compiled sources, the sandbox's page. `--if-changed` builds only what is not
// already there, for `npm start` and `npm ci`. A package that was installed comes built and has nothing to build from.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesUnder, isCurrent, stampIn, writeStamp } from './stamp.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const tools = ['typescript', 'prisma', 'esbuild', 'react']

const hasSources = existsSync(join(root, 'src/cli/main.ts'))
const isAsked = !process.argv.includes('--if-changed')
if (hasSources && (isAsked || !isCurrent(root))) {
  const missing = tools.filter((name) => !isInstalled(name))
  if (missing.length === 0) build()
  else withoutTools(missing)
}

function build() {
  process.stdout.write('Building: ')
  const began = performance.now()
  rmSync(stampIn(root), { force: true })
  step('the database client', 'prisma/generate.mjs')
  const typescript = require.resolve('typescript/package.json')
  const { bin } = JSON.parse(readFileSync(typescript, 'utf8'))
  const compiler = join(dirname(typescript), bin.tsc)
  step('the server', compiler, '-p', 'tsconfig.build.json')
  step('the types of the client', compiler, '-p', 'tsconfig.client.json')
  removeOrphans()
  step('what it takes of Prisma', 'build/client.mjs')
  step('the charts of reports', 'build/charts.mjs')
  step('the page of the sandbox', 'build/page.mjs')
  writeStamp(root)
  process.stdout.write(`done in ${((performance.now() - began) / 1_000).toFixed(1)} s.\n`)
}

/** Says what is built while it is built: each takes seconds. */
function step(what, script, ...words) {
  process.stdout.write(`${what}… `)
  const run = spawnSync(process.execPath, [script, ...words], { cwd: root, encoding: 'utf8' })
  if (run.status === 0) return
  process.stdout.write('failed.\n')
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}`)
  process.exit(run.status || 1)
}

/** The compiler never takes away what it once wrote; a file whose source is gone would be packed and could be imported. */
function removeOrphans() {
  const wanted = new Set(
    filesUnder(root, 'src')
      .map((path) => path.replace(/^src\//, 'dist/').replace(/\.tsx?$/, ''))
      .flatMap((path) =>
        path.endsWith('.json')
          ? [path]
          : [`${path}.js`, `${path}.js.map`, ...(isExported(path) ? [`${path}.d.ts`] : [])],
      ),
  )
  for (const path of filesUnder(root, 'dist')) if (!wanted.has(path)) rmSync(join(root, path))
}

/** What others compile against comes with its types. */
function isExported(path) {
  return path.startsWith('dist/client/')
}

/**
 * `npm ci --omit=dev` has done what it was asked for and says what is missing. Nothing starts from a build of other
 * sources: its code and the migrations that stand beside it might not fit.
 */
function withoutTools(missing) {
  const isInstalling = process.env.npm_lifecycle_event === 'prepare'
  const state = existsSync(join(root, 'dist/cli/main.js'))
    ? 'What is built here was built from other sources than these'
    : 'Nothing is built here'
  const why = `the tools for it are development dependencies, which are not installed (${missing.join(', ')})`
  process.stderr.write(
    `${state}, and ${why}.\nTo build: npm ci && npm run build. A package made by npm pack comes built.\n`,
  )
  if (isAsked || !isInstalling) process.exitCode = 1
}

function isInstalled(name) {
  try {
    require.resolve(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}
