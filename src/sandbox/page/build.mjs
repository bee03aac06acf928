/**
 * Bundles the sandbox page into dist/sandbox/page: index.html, app.js, app.css. Everything is in these three
 * files, because the page runs under a content security policy that lets it load nothing from elsewhere.
 */
import { copyFile, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = fileURLToPath(new URL('../../../dist/sandbox/page/', import.meta.url))

await mkdir(out, { recursive: true })
await Promise.all([
  build({
    entryPoints: { app: `${here}main.tsx` },
    outdir: out,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'warning',
  }),
  build({
    entryPoints: { app: `${here}styles/app.css` },
    outdir: out,
    bundle: true,
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  }),
  copyFile(`${here}index.html`, `${out}index.html`),
])
