// Writes the Prisma client into src/store/prisma. `prisma generate` never runs the schema engine, so we point it at
// a file that exists: then nothing is downloaded. Skipped while the schema and Prisma are the ones last generated from.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const stamp = new URL('../src/store/prisma/.generated-from', import.meta.url)
const sources = [new URL('schema.prisma', import.meta.url), require.resolve('prisma/package.json')]
const digest = createHash('sha256')
for (const source of sources) digest.update(readFileSync(source))
const current = digest.digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== current) {
  const prisma = require.resolve('prisma/build/index.js')
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  }
  const run = spawnSync(process.execPath, [prisma, 'generate', '--no-hints'], { env, encoding: 'utf8' })
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}${run.stderr}`)
    process.exit(run.status ?? 1)
  }
  writeFileSync(stamp, current)
}
