// Puts the generated client and Prisma's runtime into dist/store/prisma as files of our own. The package @prisma/client
// has an optional peer, `prisma`, which npm installs together with it wherever the lock file knows it: the command line,
// its studio and React, 300 MB that a server never runs. So neither is needed in production.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { licensesOf } from './licenses.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = fileURLToPath(new URL('../dist/store/prisma/', import.meta.url))

// What the compiler wrote there still imports the package.
for (const name of readdirSync(out)) rmSync(`${out}${name}`, { recursive: true })

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/store/prisma/client.ts'],
  outdir: out,
  bundle: true,
  splitting: true, // the query compiler is 2 MB that the command line seldom needs
  format: 'esm',
  platform: 'node',
  target: 'node20',
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none', // the licences stand beside it
  // Prisma's runtime is CommonJS and requires Node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
})
writeFileSync(`${out}LICENSES.txt`, licensesOf(metafile, root))
