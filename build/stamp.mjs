// What a build was made from and what it made, by content: two checkouts with the same files have the same stamp, and
// a date, a clock or the order of a directory never decides whether something is built again.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Everything a build reads. The lock file stands for the compilers and for the packages that are bundled into the page. */
const inputs = [
  'src',
  'build',
  'prisma/generate.mjs',
  'prisma/schema.prisma',
  'prisma.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.client.json',
  'package-lock.json',
]
/** Everything it writes; the second one stands below an input. */
const outputs = ['dist', 'src/store/prisma']
const stamp = 'dist/.built-from'

/** Whether what stands here was built from what stands here. */
export function isCurrent(root) {
  const file = stampIn(root)
  return existsSync(file) && readFileSync(file, 'utf8') === stampOf(root)
}

/** To be written when everything else is. */
export function writeStamp(root) {
  writeFileSync(stampIn(root), stampOf(root))
}

/** All files below a folder or file, with `/`, sorted; none when it is not there. */
export function filesUnder(root, name) {
  const path = join(root, name)
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [name]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

export function stampIn(root) {
  return join(root, stamp)
}

function stampOf(root) {
  const made = outputs.flatMap((name) => filesUnder(root, name)).filter((path) => path !== stamp)
  const isMade = new Set(made)
  const read = inputs.flatMap((name) => filesUnder(root, name)).filter((path) => !isMade.has(path))
  return `sources ${digestOf(root, read)}\nbuilt   ${digestOf(root, made)}\n`
}

function digestOf(root, paths) {
  const digest = createHash('sha256')
  for (const path of paths) {
    const bytes = readFileSync(join(root, path))
    digest.update(`${path}\0${bytes.length}\0`).update(bytes)
  }
  return digest.digest('hex')
}
