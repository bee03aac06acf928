import { existsSync, readFileSync } from 'node:fs'
import { makePack } from '../../approvals/evidence/makePack.ts'
import type { Neighbour, Packed, PackSource } from '../../approvals/evidence/pack.ts'
import { type Prover, proverOf } from '../../approvals/evidence/prover.ts'
import type { About, LedgerRecords, Period } from '../../approvals/evidence/records.ts'
import type { IndexRange } from '../../evidence/recorded.ts'
import { growing } from '../../ledger/subtrees.ts'
import { packageVersion, packVerifier } from '../../server/package.ts'
import { StartFault } from '../../server/startFault.ts'
import type { ReadableLedger } from '../../store/ledger/recordedEntries.ts'
import { writePackFile } from './packFile.ts'

/** What is to be exported, and where to. */
export interface PackWish {
  readonly out: string
  /** Null: everything. */
  readonly period: Period | null
  readonly about: About | null
  readonly signal: AbortSignal
  readonly progress: (done: number, of: number) => void
}

/**
 * Writes the evidence pack of a ledger that is open.
 *
 * @throws StartFault when the file is there already, or nothing is recorded in the period; TreeFault when the record does not verify
 */
export async function exportPack(
  { ledger, records, beside, policy }: ReadableLedger,
  wish: PackWish,
): Promise<Packed & { readonly range: IndexRange }> {
  const { out, period, about, signal, progress } = wish
  if (existsSync(out))
    throw new StartFault({
      problem: `${out} is there already.`,
      fix: 'Name another file, or move that one away: evidence is not overwritten.',
    })
  const all = { from: 0, to: ledger.head.size }
  const range = period ? await records.rangeOf(period) : all
  if (range.from === range.to)
    throw new StartFault({
      problem: 'Nothing that is sealed was recorded in this period.',
      fix: 'Name another period with --from and --to; an entry is sealed a second after it was recorded.',
    })
  const prover = proverOf(ledger)
  const source: PackSource = {
    ...sourceOf(prover),
    head: ledger.head,
    key: ledger.key,
    records,
    neighbour: (index) => neighbourIn(records, index),
    report: null,
    beside,
    policy,
  }
  const verifier = readFileSync(packVerifier(), 'utf8')
  const packed = await writePackFile({ out, prover, head: ledger.head, signal }, (sink) =>
    makePack(source, sink, { period, range, about, version: packageVersion(), verifier, progress }),
  )
  return { ...packed, range }
}

async function neighbourIn(records: LedgerRecords, index: number): Promise<Neighbour | null> {
  for await (const [one] of records.pages({ from: index, to: index + 1 }))
    if (one) return { index, leaf: one.leaf, ts: one.entry.ts }
  return null
}

function sourceOf({ subtrees, consistency }: Prover): Pick<PackSource, 'subtrees' | 'root' | 'consistency'> {
  return { subtrees, consistency, root: async (size) => growing(await subtrees(size)).root() }
}
