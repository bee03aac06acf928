import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { StoreFault } from './fault.ts'

/** More than any bundle may have, and less than a link to somewhere else would bring in. */
const limits = { entries: 2_000, depth: 12 }

/** How often it is read anew when it changes meanwhile. */
const attempts = 5

/**
 * Reads a policy bundle: path relative to the directory, with `/`, to text. Links are followed, to files and to
 * directories: a Kubernetes ConfigMap is a directory of links to `..data/NAME`, where `..data` is itself a link that is
 * exchanged when the ConfigMap changes. Names that begin with `..` are its own and are passed over; and what changes
 * while it is read is read anew, so that no mixture of two versions is ever taken for a policy.
 *
 * @throws StoreFault `bundle_unreadable`
 */
export function readBundleDirectory(directory: string, readText = textOf): ReadonlyMap<string, string> {
  for (let nth = 1; ; nth += 1) {
    try {
      return readOnce(directory, readText)
    } catch (fault) {
      // What is exchanged in the middle can look like anything.
      if (nth < attempts) continue
      throw unreadable(directory, fault instanceof Unfit ? { because: fault.message } : { cause: fault })
    }
  }
}

function textOf(path: string): string {
  return readFileSync(path, 'utf8')
}

/** @throws Unfit also when it is another directory at the end than it was at the beginning */
function readOnce(directory: string, readText: typeof textOf): ReadonlyMap<string, string> {
  const before = filesIn(directory)
  const paths = [...before.keys()]
  const texts = new Map(paths.map((path) => [path, readText(`${directory}/${path}`)]))
  if (!same(before, filesIn(directory))) throw new Unfit('It changes while it is being read.')
  return texts
}

/** What keeps a directory from being read as a bundle. */
class Unfit extends Error {}

function unreadable(
  directory: string,
  why: { readonly because?: string; readonly cause?: unknown },
): StoreFault {
  return new StoreFault('bundle_unreadable', {
    problem: `The policy bundle in ${directory} could not be read.${why.because ? ` ${why.because}` : ''}`,
    fix: why.because
      ? 'Remove or correct what is named, or name another directory, here or in POLICY_DIR.'
      : 'It has to be a directory that can be read, with bundle.yaml, actions.yaml and rules/: name another, here or in POLICY_DIR.',
    cause: why.cause,
  })
}

/** Path to what it is now: where it really stands, and when that was last written. Sorted by path. */
type Files = ReadonlyMap<string, string>

function filesIn(directory: string): Files {
  const files = new Map<string, string>()
  collect({ directory, path: '', above: [] }, { files, entries: 0 })
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

interface Found {
  readonly files: Map<string, string>
  /** Folders count too. */
  entries: number
}

interface Place {
  readonly directory: string
  /** Of the folder, relative to the directory, with a `/` at its end; empty for the directory itself. */
  readonly path: string
  /** Where the folders above it really stand. */
  readonly above: readonly string[]
}

function collect({ directory, path, above }: Place, found: Found): void {
  const here = realpathSync.native(`${directory}/${path}`)
  if (above.includes(here)) throw new Unfit(`${path.slice(0, -1)} is a link to a folder that contains it.`)
  if (above.length >= limits.depth) throw new Unfit(`${path.slice(0, -1)} is nested too deeply.`)
  for (const name of readdirSync(here)) {
    if (name.startsWith('..')) continue
    const entry = path + name
    found.entries += 1
    if (found.entries > limits.entries) throw new Unfit(`It holds more than ${limits.entries} entries.`)
    const is = followed(directory, entry)
    if (is.isDirectory()) collect({ directory, path: `${entry}/`, above: [...above, here] }, found)
    else if (!is.isFile()) throw new Unfit(`${entry} is neither a file nor a folder.`)
    else
      found.files.set(
        entry,
        `${realpathSync.native(`${directory}/${entry}`)} ${is.ino} ${is.size} ${is.mtimeMs}`,
      )
  }
}

/** What an entry is, at the end of its links. */
function followed(directory: string, entry: string): Stats {
  try {
    const found = statSync(`${directory}/${entry}`, { throwIfNoEntry: false })
    if (found) return found
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ELOOP')) throw cause
    throw new Unfit(`${entry} is a link that leads back to itself.`)
  }
  throw new Unfit(`${entry} is a link to something that does not exist.`)
}

function same(before: Files, after: Files): boolean {
  return before.size === after.size && [...before].every(([path, is]) => after.get(path) === is)
}
