import { leafText } from '../../ledger/leaf.ts'
import { inclusionSpans, type Run, runsOf, type Span, spanHash } from '../../ledger/proofs.ts'
import { tlogProofText } from '../../ledger/tlogProof.ts'
import type { LedgerHead } from './ledgerStore.ts'

/** What a proof is made of. */
export interface ProvableLedger {
  readonly head: LedgerHead
  /** A sealed entry by its id. */
  leaf(entry: string): Promise<{ readonly index: number; readonly text: string } | null>
  /** The hashes of a run, in order. */
  run(run: Run): Promise<readonly Buffer[]>
}

/** An entry as it stands in the tree, and what shows that it does. */
export interface ProvedEntry {
  readonly index: number
  /** The text whose hash the proof begins with, without a line feed at its end. */
  readonly leaf: string
  /** A file of c2sp.org/tlog-proof, with the newest checkpoint. */
  readonly proof: string
}

/** Null when no entry of that id is sealed. */
export async function proveEntry(ledger: ProvableLedger, entry: string): Promise<ProvedEntry | null> {
  const found = await ledger.leaf(entry)
  if (!found) return null
  const { size, checkpoint } = ledger.head
  const path = await hashesOfSpans(ledger, inclusionSpans(found.index, size))
  const { index } = found
  return { index, leaf: leafText(found.text, index), proof: tlogProofText({ index, path, checkpoint }) }
}

/** The hash of each of these subtrees. */
export async function hashesOfSpans(
  ledger: Pick<ProvableLedger, 'run'>,
  spans: readonly Span[],
): Promise<readonly Buffer[]> {
  const path: Buffer[] = []
  for (const span of spans) {
    const hashes = new Map<Run, readonly Buffer[]>()
    const runs = runsOf(span)
    for (const run of runs) hashes.set(run, await ledger.run(run))
    path.push(spanHash(runs, (run) => hashes.get(run) ?? []))
  }
  return path
}
