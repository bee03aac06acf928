import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { hashBytes } from '../../ledger/hashes.ts'
import type { Place } from './lines.ts'

/** What is known of a leaf of a pack. */
export interface LeafRow {
  readonly index: number
  /** In its file of leaves. */
  readonly leaf: Place
  /** In values.ndjson. */
  readonly values: Place
  /** 32 bytes. */
  readonly hash: Buffer
  /** The row of the next entry of the same request; 0 when there is none: the first row follows nobody. */
  readonly next: number
}

/** Rows of one length in a file, so that nothing that is held grows with the entries. */
export interface LeafTable {
  readonly count: number
  add(row: Omit<LeafRow, 'next'>): void
  /** The next entry of its request stands in this row. */
  link(row: number, next: number): void
  row(nth: number): LeafRow
  close(): void
}

const rowBytes = 6 * 8 + hashBytes
const nextAt = rowBytes - 8
const rowsWaiting = 4_096

export function leafTable(path: string): LeafTable {
  const file = openSync(path, 'wx+')
  const waiting = Buffer.alloc(rowsWaiting * rowBytes)
  const bytes = Buffer.alloc(rowBytes)
  let [count, written] = [0, 0]
  const write = (): void => {
    writeSync(file, waiting, 0, (count - written) * rowBytes, written * rowBytes)
    written = count
  }
  return {
    get count() {
      return count
    },
    add({ index, leaf, values, hash }) {
      if (count - written === rowsWaiting) write()
      const at = (count - written) * rowBytes
      for (const [nth, number] of [index, leaf.at, leaf.length, values.at, values.length, 0].entries())
        waiting.writeDoubleLE(number, nth === 5 ? at + nextAt : at + nth * 8)
      hash.copy(waiting, at + 5 * 8)
      count += 1
    },
    link(row, next) {
      const into = Buffer.alloc(8)
      into.writeDoubleLE(next)
      if (row >= written) into.copy(waiting, (row - written) * rowBytes + nextAt)
      else writeSync(file, into, 0, 8, row * rowBytes + nextAt)
    },
    row(nth) {
      if (nth >= written) write()
      readSync(file, bytes, 0, rowBytes, nth * rowBytes)
      const number = (at: number) => bytes.readDoubleLE(at)
      return {
        index: number(0),
        leaf: { at: number(8), length: number(16) },
        values: { at: number(24), length: number(32) },
        hash: Buffer.from(bytes.subarray(5 * 8, 5 * 8 + hashBytes)),
        next: number(nextAt),
      }
    },
    close: () => closeSync(file),
  }
}
