// npm run soak: builds the product if it has to, bundles the soak, and runs it. `--help` teaches.
// The soak is written in TypeScript beside the product's types; what it imports from src it runs from dist, which is
// what a user runs.
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))
process.chdir(root)

/** `../../src/store/embedded.ts` becomes the built file, whatever folder it is imported from. */
const fromTheBuild = {
  name: 'from the build',
  setup(building) {
    building.onResolve({ filter: /\/src\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point'
        ? undefined
        : { path: path.replace(/^.*\/src\/(.*)\.ts$/, '../$1.js'), external: true },
    )
  },
}

async function bundle(name) {
  const outfile = `dist/soak/${name}.mjs`
  await build({
    entryPoints: [`bench/soak/${name}.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [fromTheBuild],
  })
  return import(pathToFileURL(`${root}${outfile}`).href)
}

const { readOptions } = await bundle('options')
const options = readOptions(process.argv.slice(2))
if ('say' in options) {
  console.log(options.say)
  process.exit(options.code)
}
// Incremental: a build that is up to date costs about three seconds.
const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
if (built.status !== 0) process.exit(1)
const { soak } = await bundle('main')
process.exit(await soak(options))
