/**
 * Bundles the sandbox page into dist/sandbox/page: index.html, app.js, app.css. Everything is in these three
 * files, because the page runs under a content security policy that lets it load nothing from elsewhere.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { licensesOf } from './licenses.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = fileURLToPath(new URL('../src/sandbox/page/', import.meta.url))
const out = fileURLToPath(new URL('../dist/sandbox/page/', import.meta.url))

await mkdir(out, { recursive: true })
const [{ metafile }] = await Promise.all([
  build({
    absWorkingDir: root,
    entryPoints: { app: `${page}main.tsx` },
    outdir: out,
    bundle: true,
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
