import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { IndexRange, Recorded } from '../../evidence/recorded.ts'
import { type Blob, blobRef, type Entry, entryText } from '../../ledger/entry.ts'
import { leafHash } from '../../ledger/hashes.ts'
import { leafText } from '../../ledger/leaf.ts'
import { type LeafRow, type LeafTable, leafTable } from './leafTable.ts'
import { linesOf, objectOn, type Place } from './lines.ts'
import { PackWrong } from './packWrong.ts'
import { lineFiles, unpackedAt } from './unpack.ts'

/** The entries of a pack, found by their indexes; they are read when they are needed. */
export interface PackIndex {
  /** How many entries are from before the period, and of it. */
  readonly earlier: number
  readonly entries: number
  /** The hash of each leaf of the period, in order. */
  hashes(): Generator<Pick<LeafRow, 'index' | 'hash'>, void>
  hash(index: number): Buffer | undefined
  /** What is from before the period. @throws PackWrong when the values of one are not those of its leaf */
  before(): Generator<Recorded, void>
  /** What is of the period, of these indexes. @throws PackWrong as `before` */
  within(range: IndexRange): Generator<Recorded, void>
  /** All of each request that has an entry in the period, in the order in which they appear in it. @throws PackWrong as `before` */
  requests(): Generator<readonly Recorded[], void>
  close(): void
}

/**
 * Reads the lines once. Where each leaf stands is kept in files; what is held is the id of each request, while they are read.
 *
 * @throws PackWrong when a line is no leaf, or not in order
 */
export function indexPack(folder: string): PackIndex {
  for (const name of lineFiles)
    if (!existsSync(unpackedAt(folder, name)))
      throw new PackWrong({ what: `${name} is missing from the pack.` })
  const table = leafTable(join(folder, 'leaves'))
  const firsts = leafTable(join(folder, 'requests'))
  const closed = (): void => {
    for (const one of [table, firsts]) one.close()
  }
  try {
    return readIndex(indexed(folder, { table, firsts }), { folder, table, firsts, closed })
  } catch (fault) {
    closed()
    throw fault
  }
}

interface Tables {
  readonly table: LeafTable
  /** A row for each request: `index` is the row of its first entry. */
  readonly firsts: LeafTable
}

/** Fills the tables. Resolves to how many entries are from before the period. */
function indexed(folder: string, { table, firsts }: Tables): number {
  const values = valuesIn(unpackedAt(folder, 'values.ndjson'))
  try {
    return filled(folder, { table, firsts, values })
  } finally {
    values.close()
  }
}

function filled(
  folder: string,
  { table, firsts, values }: Tables & { readonly values: ReturnType<typeof valuesIn> },
): number {
  const requests = new Map<string, { readonly first: number; last: number; isIn: boolean }>()
  let [earlier, last] = [0, -1]
  for (const name of ['earlier.ndjson', 'entries.ndjson'] as const) {
    for (const { line, place } of linesOf(unpackedAt(folder, name))) {
      const found = objectOn(line, name)
      last = indexAfter(last, found.seq, name)
      const row = table.count
      table.add({ index: last, leaf: place, values: values.of(last), hash: leafHash(line) })
      if (typeof found.request !== 'string') continue
      const request = requests.get(found.request) ?? { first: row, last: row, isIn: false }
      requests.set(found.request, request)
      if (request.last !== row) table.link(request.last, row)
      request.last = row
      if (name === 'earlier.ndjson' || request.isIn) continue
      request.isIn = true
      firsts.add({ index: request.first, leaf: nowhere, values: nowhere, hash: Buffer.alloc(0) })
    }
    if (name === 'earlier.ndjson') earlier = table.count
  }
  values.end()
  return earlier
}

const nowhere: Place = { at: 0, length: 0 }

function indexAfter(last: number, seq: unknown, name: string): number {
  const index = Number(seq)
  if (Number.isSafeInteger(index) && index > last) return index
  throw new PackWrong({
    what: `${name} is not in the order of the indexes.`,
    expected: `an index after ${last}`,
    stands: String(seq),
  })
}

/** Where the values of an entry stand: its lines stand together, in the order of the entries. */
function valuesIn(path: string) {
  const lines = linesOf(path)
  const take = () => {
    const next = lines.next()
    return next.done
      ? null
      : { index: Number(objectOn(next.value.line, 'values.ndjson').index), place: next.value.place }
  }
  let next = take()
  return {
    of(index: number): Place {
      const at = next?.place.at ?? 0
      let length = 0
      for (; next?.index === index; next = take()) length += next.place.length + 1
      return { at, length }
    },
    end(): void {
      if (!next) return
      throw new PackWrong({
        index: Number.isSafeInteger(next.index) ? next.index : null,
        what: 'A value in values.ndjson is of no entry of the pack, or does not stand in the order of the entries.',
      })
    },
    close: () => void lines.return(),
  }
}

function readIndex(
  earlier: number,
  { folder, table, firsts, closed }: Tables & { readonly folder: string; readonly closed: () => void },
): PackIndex {
  const files = new Map(lineFiles.map((name) => [name, openSync(unpackedAt(folder, name), 'r')]))
  const read = (name: (typeof lineFiles)[number], { at, length }: Place): string => {
    const bytes = Buffer.alloc(length)
    readSync(files.get(name) ?? -1, bytes, 0, length, at)
    return bytes.toString('utf8')
  }
  const recordedIn = (nth: number): Recorded => {
    const { leaf, values } = table.row(nth)
    return recordedOf(
      read(nth < earlier ? 'earlier.ndjson' : 'entries.ndjson', leaf),
      read('values.ndjson', values),
    )
  }
  function* rows(from: number, to: number): Generator<number, void> {
    for (let nth = from; nth < to; nth += 1) yield nth
  }
  return {
    earlier,
    entries: table.count - earlier,
    *hashes() {
      for (const nth of rows(earlier, table.count)) yield table.row(nth)
    },
    hash: (index) => rowOf(table, index, earlier)?.hash,
    *before() {
      for (const nth of rows(0, earlier)) yield recordedIn(nth)
    },
    *within({ from, to }) {
      for (const nth of rows(earlier, table.count)) {
        const { index } = table.row(nth)
        if (index >= to) return
        if (index >= from) yield recordedIn(nth)
      }
    },
    *requests() {
      for (const nth of rows(0, firsts.count)) {
        const all: Recorded[] = []
        for (let row = firsts.row(nth).index, isFirst = true; isFirst || row !== 0; isFirst = false) {
          all.push(recordedIn(row))
          row = table.row(row).next
        }
        yield all
      }
    },
    close() {
      closed()
      for (const file of files.values()) closeSync(file)
    },
  }
}

/** Rows stand in the order of the indexes, and those of a whole period have all of them. */
function rowOf(table: LeafTable, index: number, earlier: number): LeafRow | undefined {
  if (earlier < table.count) {
    const guess = earlier + index - table.row(earlier).index
    const row = guess >= earlier && guess < table.count ? table.row(guess) : undefined
    if (row?.index === index) return row
  }
  let [low, high] = [0, table.count - 1]
  while (low <= high) {
    const middle = Math.floor((low + high) / 2)
    const row = table.row(middle)
    if (row.index === index) return row
    if (row.index < index) low = middle + 1
    else high = middle - 1
  }
  return undefined
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
