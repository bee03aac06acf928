// What starts the bench and the soak. Both are written in TypeScript beside the product's types; what they import from src they
// run from dist, which is what a user runs. Nothing is written into dist: a build that has other files in it is built again.
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

export const root = fileURLToPath(new URL('../', import.meta.url))

const directory = 'node_modules/.cache/countersign-bench'

/** `../../src/store/embedded.ts` becomes the built file, whatever folder it is imported from. */
const fromTheBuild = {
  name: 'from the build',
  setup(building) {
    building.onResolve({ filter: /\/src\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point'
        ? undefined
        : { path: path.replace(/^.*\/src\/(.*)\.ts$/, '../../../../dist/$1.js'), external: true },
    )
  },
}

/** Each file of `names` becomes one of its own under `into`, named after the last part of its path. Resolves to how to load one. */
export async function bundle(into, ...names) {
  await build({
    entryPoints: names.map((name) => `bench/${name}.ts`),
    entryNames: '[name]',
    outdir: `${directory}/${into}`,
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
  return (name) => import(pathToFileURL(`${root}${directory}/${into}/${basename(name)}.mjs`).href)
}

/** Reads the command line with `options` of that directory; ends here where there is only something to say. */
export async function optionsOf(into, name) {
  process.chdir(root)
  const load = await bundle(into, name)
  const { readOptions } = await load(name)
  const options = readOptions(process.argv.slice(2))
  if (!('say' in options)) return options
  console.log(options.say)
  process.exit(options.code)
}

/** Ends here when the product cannot be built. */
export function buildProduct() {
  const built = spawnSync(process.execPath, ['build/build.mjs', '--if-changed'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (built.status !== 0) process.exit(1)
}
