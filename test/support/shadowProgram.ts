import { build } from 'esbuild'

/** Below node_modules, because what it imports from there has to be found. */
const outfile = new URL('../../node_modules/.cache/countersign/shadowProgram.mjs', import.meta.url)

/** The program of the thread in which a shadow judges, compiled as a build does it: a thread cannot read our sources. */
export async function shadowProgram(): Promise<URL> {
  await build({
    entryPoints: [new URL('../../src/server/shadowProgram.ts', import.meta.url).pathname],
    outfile: outfile.pathname,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  return outfile
}
