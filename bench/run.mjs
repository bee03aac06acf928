// npm run bench: builds the product if it has to, bundles the bench, and runs it. `--help` teaches.
// The bench is written in TypeScript beside the product's types; what it imports from src it runs from dist, which is
// what a user runs.
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../', import.meta.url))
process.chdir(root)

/** Not in dist: a build that has other files in it is built again. */
const directory = 'node_modules/.cache/countersign-bench'

/** `../../src/store/embedded.ts` becomes the built file, whatever folder it is imported from. */
const fromTheBuild = {
  name: 'from the build',
  setup(building) {
    building.onResolve({ filter: /\/src\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point'
        ? undefined
        : { path: path.replace(/^.*\/src\/(.*)\.ts$/, '../../../dist/$1.js'), external: true },
    )
  },
}

/** Each becomes one file in that directory, named after the last part of its path. */
async function bundle(...entryPoints) {
  await build({
    entryPoints: entryPoints.map((name) => `bench/${name}.ts`),
    entryNames: '[name]',
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [fromTheBuild],
  })
}

const load = (name) => import(pathToFileURL(`${root}${directory}/${name}.mjs`).href)

await bundle('options')
const { readOptions } = await load('options')
const options = readOptions(process.argv.slice(2))
if ('say' in options) {
  console.log(options.say)
  process.exit(options.code)
}
const built = spawnSync(process.execPath, ['build/build.mjs', '--if-changed'], {
  stdio: ['ignore', 'inherit', 'inherit'],
})
if (built.status !== 0) process.exit(1)
await bundle('main', 'ceilings/bareServer', 'ceilings/restateService', 'ceilings/slackClient')
const { bench } = await load('main')
process.exit(await bench(options))
