import { type Emptied, emptyingTypes, saidEmptiedIn } from './emptied.ts'
import type { EntryType } from './entry.ts'
import { hashBytes } from './hashes.ts'
import { type KeptEntry, wrongWith } from './keptEntry.ts'
import { type Resumption, resumptionIn } from './resumption.ts'
import type { Wrong } from './wrong.ts'

/** What is known of entries that follow each other, once each was verified by itself. */
export interface CheckedPage extends Emptied {
  /** Of their leaves, 32 bytes each, one after the other. */
  readonly hashes: Uint8Array
  readonly resumptions: readonly Resumption[]
  /** The first that is wrong; nothing else of the page means anything then. */
  readonly wrong: Wrong | null
}

/** Verifies each of the entries that begin at an index. */
export function checkedPage(entries: readonly KeptEntry[], from: number): CheckedPage {
  const hashes = Buffer.alloc(entries.length * hashBytes)
  const resumptions: Resumption[] = []
  let [values, said] = [0, 0]
  for (const [nth, one] of entries.entries()) {
    const wrong = wrongWith(one, from + nth)
    if (wrong) return { hashes: Buffer.alloc(0), resumptions: [], values: 0, said: 0, wrong }
    hashes.write(one.hash, nth * hashBytes, 'hex')
    for (const { found } of one.blobs) if (found === null) values += 1
    if (!saysOfTheLedger(one)) continue
    const resumption = resumptionIn(one)
    if (resumption) resumptions.push(resumption)
    said += saidEmptiedIn(one.text)
  }
  return { hashes, resumptions, values, said, wrong: null }
}

/** The hashes of a page, each by itself. */
export function leafHashes({ hashes }: CheckedPage): readonly Buffer[] {
  const all = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength)
  return Array.from({ length: all.length / hashBytes }, (_, nth) =>
    all.subarray(nth * hashBytes, (nth + 1) * hashBytes),
  )
}

const ofTheLedger: ReadonlySet<string> = new Set(['ledger.resumed', ...emptyingTypes] satisfies EntryType[])

/** By its column, which was compared with its text; without one the text has to be looked through. */
function saysOfTheLedger({ columns }: KeptEntry): boolean {
  return columns === null || columns.type === null || ofTheLedger.has(columns.type)
}
