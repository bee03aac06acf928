import { closeSync, openSync, readSync } from 'node:fs'
import { PackWrong } from './packWrong.ts'

/** Where a piece of a file is, in bytes. */
export interface Place {
  readonly at: number
  readonly length: number
}

const chunkBytes = 1_024 * 1_024

/** The lines of a file, one after the other, each without its end. @throws PackWrong when the file ends inside a line */
export function* linesOf(path: string): Generator<{ readonly line: Buffer; readonly place: Place }, void> {
  const file = openSync(path, 'r')
  try {
    yield* linesIn(file)
  } finally {
    closeSync(file)
  }
}

function* linesIn(file: number): Generator<{ readonly line: Buffer; readonly place: Place }, void> {
  let rest = Buffer.alloc(0)
  let at = 0
  for (let from = 0; ; ) {
    const chunk = Buffer.alloc(chunkBytes)
    const bytes = readSync(file, chunk, 0, chunkBytes, from)
    from += bytes
    rest = Buffer.concat([rest, chunk.subarray(0, bytes)])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield { line: rest.subarray(0, end), place: { at, length: end } }
      at += end + 1
      rest = rest.subarray(end + 1)
    }
    if (bytes > 0) continue
    if (rest.length > 0) throw new PackWrong({ what: 'A file of the pack ends inside a line.' })
    return
  }
}

/** A line that is a JSON object from outside: whatever it is, its members are looked at one by one. @throws PackWrong */
export function objectOn(line: Buffer, name: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(line.toString('utf8'))
    if (typeof found === 'object' && found !== null) return found as Readonly<Record<string, unknown>>
  } catch {
    // said below
  }
  throw new PackWrong({
    what: `A line of ${name} is no JSON object.`,
    stands: line.toString('utf8').slice(0, 200),
  })
}
