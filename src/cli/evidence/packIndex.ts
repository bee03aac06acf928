import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Recorded } from '../../evidence/recorded.ts'
import { type Blob, blobRef, type Entry, entryText } from '../../ledger/entry.ts'
import { leafHash } from '../../ledger/hashes.ts'
import { leafText } from '../../ledger/leaf.ts'
import { PackWrong } from './packWrong.ts'
import { lineFiles } from './unpack.ts'

/** Where a piece of a file is. */
interface Place {
  readonly at: number
  readonly length: number
}

/** The entries of a pack, found by their indexes; they are read when they are needed. */
export interface PackIndex {
  readonly earlier: readonly number[]
  readonly entries: readonly number[]
  /** By request: all indexes, in order. Requests are in the order in which they appear in the period. */
  readonly requests: ReadonlyMap<string, readonly number[]>
  hash(index: number): Buffer | undefined
  /** @throws PackWrong when its values are not those of its leaf */
  recorded(index: number): Recorded
  close(): void
}

type LineFile = (typeof lineFiles)[number]

/** @throws PackWrong when a line is no leaf, or not in order */
export function indexPack(folder: string): PackIndex {
  const files = new Map<LineFile, number>()
  for (const name of lineFiles) {
    if (!existsSync(join(folder, name))) throw new PackWrong({ what: `${name} is missing from the pack.` })
    files.set(name, openSync(join(folder, name), 'r'))
  }
  const open = (name: LineFile): number => files.get(name) ?? -1
  const read = (name: LineFile, { at, length }: Place): Buffer => {
    const bytes = Buffer.alloc(length)
    readSync(open(name), bytes, 0, length, at)
    return bytes
  }
  const earlier = leavesIn(open('earlier.ndjson'), 'earlier.ndjson')
  const entries = leavesIn(open('entries.ndjson'), 'entries.ndjson')
  const values = valuesIn(open('values.ndjson'))
  return {
    earlier: [...earlier.places.keys()],
    entries: [...entries.places.keys()],
    requests: requestsOf(earlier.requests, entries.requests),
    hash: (index) => entries.hashes.get(index) ?? earlier.hashes.get(index),
    recorded(index) {
      const within = entries.places.get(index)
      const before = earlier.places.get(index)
      const text = within
        ? read('entries.ndjson', within)
        : read('earlier.ndjson', before ?? { at: 0, length: 0 })
      const beside = values.get(index)
      return recordedOf(text.toString('utf8'), beside ? read('values.ndjson', beside).toString('utf8') : '')
    },
    close() {
      for (const file of files.values()) closeSync(file)
    },
  }
}

function requestsOf(
  earlier: ReadonlyMap<string, readonly number[]>,
  within: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, readonly number[]> {
  return new Map(
    [...within].map(([request, indexes]) => [request, [...(earlier.get(request) ?? []), ...indexes]]),
  )
}

function leavesIn(file: number, name: string) {
  const places = new Map<number, Place>()
  const hashes = new Map<number, Buffer>()
  const requests = new Map<string, number[]>()
  let last = -1
  for (const { line, place } of linesOf(file)) {
    const found = parsed(line, name)
    const index = Number(found.seq)
    if (!Number.isSafeInteger(index) || index <= last)
      throw new PackWrong({
        what: `${name} is not in the order of the indexes.`,
        expected: `an index after ${last}`,
        stands: String(found.seq),
      })
    last = index
    places.set(index, place)
    hashes.set(index, leafHash(line))
    if (typeof found.request !== 'string') continue
    const of = requests.get(found.request) ?? []
    requests.set(found.request, of)
    of.push(index)
  }
  return { places, hashes, requests }
}

/** The lines of one entry stand together. */
function valuesIn(file: number): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>()
  let last: number | null = null
  for (const { line, place } of linesOf(file)) {
    const index = Number(parsed(line, 'values.ndjson').index)
    const before = places.get(index)
    if (before && last !== index)
      throw new PackWrong({ index, what: 'The values of an entry do not stand together in values.ndjson.' })
    const length = line.length + 1
    places.set(index, before ? { at: before.at, length: before.length + length } : { ...place, length })
    last = index
  }
  return places
}

/** JSON from outside: whatever it is, its members are looked at one by one. */
function parsed(line: Buffer, name: string): Readonly<Record<string, unknown>> {
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

const chunkBytes = 1_024 * 1_024

function* linesOf(file: number): Generator<{ readonly line: Buffer; readonly place: Place }> {
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

/** @throws PackWrong when its values are not those of its leaf */
export function recordedOf(leaf: string, values: string): Recorded {
  const { seq, ...entry } = JSON.parse(leaf) as Entry & { readonly seq: number } // parsed before; what does not fit is another leaf
  const index = seq
  const wrong = (what: string, expected: string, stands: string) =>
    new PackWrong({ index, entry: entry.id, what, expected, stands })
  if (leafText(entryText(entry), index) !== leaf)
    throw wrong('A leaf is not the text of an entry.', leafText(entryText(entry), index), leaf)
  const blobs: Record<string, string | null> = {}
  const salts: Record<string, string | null> = {}
  for (const line of values.split('\n').filter((one) => one !== '')) {
    const { name, salt = null, text = null } = JSON.parse(line) as Partial<Blob> & { readonly name: string } // parsed before
    blobs[name] = text
    salts[name] = salt
    const said = entry.blobs.find((one) => one.name === name)
    if (!said) throw wrong(`A value ${name} stands beside an entry that does not name it.`, 'none', name)
    if (text === null || salt === null) continue
    const { sha256_salted } = blobRef({ entry: entry.id, name, salt, text })
    if (sha256_salted !== said.sha256_salted)
      throw wrong(`The value ${name} of an entry was changed.`, said.sha256_salted, sha256_salted)
  }
  for (const { name, sha256_salted } of entry.blobs)
    if (!Object.hasOwn(blobs, name))
      throw wrong(
        `The value ${name} of an entry is gone.`,
        sha256_salted,
        'nothing, not even that it was erased',
      )
  return { index, leaf, entry, blobs, salts }
}
