import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf } from './lines.ts'
import { PackWrong } from './packWrong.ts'

/** A file as it stands in a pack. */
export interface StandingFile {
  readonly path: string
  /** SHA-256, in hexadecimal. */
  readonly sha256: string
  /** The index of the entry that it proves; null when it is no proof. */
  readonly proves: number | null
}

/**
 * The files of a pack in the order in which they stand. There are more of them than entries, so the list of them is a file, too: nothing
 * that is held grows with it.
 */
export interface StandingFiles {
  add(file: StandingFile): void
  all(): Generator<StandingFile, void>
  /** Whether there is one of this path, looked for from the beginning. */
  has(path: string): boolean
}

const bufferedText = 64 * 1_024

export function standingFiles(folder: string): StandingFiles {
  const list = join(folder, 'standing')
  let waiting = ''
  const write = (): void => {
    appendFileSync(list, waiting)
    waiting = ''
  }
  function* all(): Generator<StandingFile, void> {
    write()
    for (const { line } of linesOf(list)) yield JSON.parse(line.toString('utf8')) as StandingFile // as it was written here
  }
  return {
    add({ path, sha256, proves }) {
      waiting += `${JSON.stringify({ path, sha256, proves })}\n`
      if (waiting.length > bufferedText) write()
    },
    all,
    has(path) {
      for (const one of all()) if (one.path === path) return true
      return false
    },
  }
}

/** What names the files and so does not stand in the list. */
const notListed: readonly string[] = ['SHA256SUMS', 'manifest.json']

/** Every file has the hash that is listed, and the list has its files in the order in which they stand. @throws PackWrong */
export function refuseOtherSums(standing: StandingFiles, sums: string): void {
  const lists = listedIn(sums)
  for (const { path, sha256: stands } of standing.all()) {
    if (notListed.includes(path)) continue
    const listed = lists.next().value ?? null
    if (listed?.path === path) {
      if (listed.sha256 === stands) continue
      throw new PackWrong({ what: `${path} was changed.`, expected: listed.sha256, stands })
    }
    if (listed && !standing.has(listed.path))
      throw new PackWrong({ what: `${listed.path} is missing from the pack.` })
    throw new PackWrong({
      what: isListed(sums, path)
        ? `${path} does not stand where SHA256SUMS lists it.`
        : `${path} is in the pack and not in SHA256SUMS.`,
    })
  }
  const missing = lists.next().value
  if (missing) throw new PackWrong({ what: `${missing.path} is missing from the pack.` })
}

interface ListedFile {
  readonly path: string
  readonly sha256: string
}

/** As `sha256sum` writes it. */
function* listedIn(sums: string): Generator<ListedFile, void> {
  for (const { line } of linesOf(sums)) {
    const text = line.toString('utf8')
    yield { path: text.slice(66), sha256: text.slice(0, 64) }
  }
}

function isListed(sums: string, path: string): boolean {
  for (const one of listedIn(sums)) if (one.path === path) return true
  return false
}
