// Puts the chart library, and the document that it draws into, into dist/evidence/report/chartLibrary.js: one file of ours in place of
// sixty packages, of which a report needs a part.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { licensesOf } from './licenses.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = fileURLToPath(new URL('../dist/evidence/report/', import.meta.url))

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/evidence/report/chartLibrary.ts'],
  outfile: `${out}chartLibrary.js`,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  metafile: true,
  legalComments: 'none', // the licences stand beside it
  logLevel: 'warning',
})
writeFileSync(`${out}LICENSES.txt`, licensesOf(metafile, root))
