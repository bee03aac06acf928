/**
 * Bundles the sandbox page into dist/sandbox/page: index.html, app.css, app.js, and the files that app.js loads when they
 * are wanted. Everything is in them, because the page runs under a content security policy that lets it load nothing
 * from elsewhere. Each stands there compressed as well (`app.js.br`, `app.js.gz`), so that no server has to do it while somebody waits.
 */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build } from 'esbuild'
import { licensesOf } from './licenses.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = fileURLToPath(new URL('../src/sandbox/page/', import.meta.url))
const out = fileURLToPath(new URL('../dist/sandbox/page/', import.meta.url))

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
const [{ metafile }] = await Promise.all([
  build({
    absWorkingDir: root,
    entryPoints: { app: `${page}main.tsx` },
    outdir: out,
    bundle: true,
    // What is loaded only when it is looked at stands in a file of its own.
    splitting: true,
    chunkNames: '[name]-[hash]',
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    legalComments: 'none', // the licences stand beside it
    logLevel: 'warning',
  }),
  build({
    entryPoints: { app: `${page}styles/app.css` },
    outdir: out,
    bundle: true,
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  }),
  copyFile(`${page}index.html`, `${out}index.html`),
])
await writeFile(`${out}LICENSES.txt`, licensesOf(metafile, root))
const made = await readdir(out)
await Promise.all(made.filter((name) => /\.(html|js|css)$/.test(name)).map(compress))

/** The same bytes give the same bytes: neither format holds a time or a name here. */
async function compress(name) {
  const bytes = await readFile(`${out}${name}`)
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes), promisify(gzip)(bytes, { level: 9 })])
  await Promise.all([writeFile(`${out}${name}.br`, br), writeFile(`${out}${name}.gz`, gz)])
}
