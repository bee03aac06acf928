/** A sandbox that is started again shows what it showed: a real workspace does not forget either. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Milliseconds in which changes are gathered into one write. */
const gatherMs = 40

/** What is kept: how it changes, and what of it is written and taken back. */
export interface Kept<T> {
  onChange(listener: () => void): () => void
  taken(): T
  restore(kept: T): void
}

/**
 * Takes back what the file holds and writes it there after each change, a moment later. Returns how to stop, which
 * writes once more. A file that cannot be read counts as none; one that cannot be written is the operator's to know.
 */
export function keepFile<T>(kept: Kept<T>, file: string, report: (error: unknown) => void): () => void {
  const before = read<T>(file)
  if (before !== undefined) kept.restore(before)
  let timer: NodeJS.Timeout | null = null
  const write = () => {
    timer = null
    try {
      // Renaming is atomic: whoever is killed while writing leaves the file from before.
      writeFileSync(`${file}.new`, JSON.stringify(kept.taken()), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    } catch (error) {
      report(error)
    }
  }
  const stop = kept.onChange(() => {
    timer ??= setTimeout(write, gatherMs)
  })
  return () => {
    stop()
    if (timer) clearTimeout(timer)
    write()
  }
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T // our own file
  } catch {
    return undefined
  }
}
