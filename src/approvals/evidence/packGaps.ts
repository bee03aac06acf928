import { valueLines } from '../../evidence/packLines.ts'
import type { GapFacts } from '../../evidence/readme.ts'
import type { Recorded } from '../../evidence/recorded.ts'
import { leafHash } from '../../ledger/hashes.ts'
import { verifierKey } from '../../ledger/note.ts'
import { namesOf, resumptionIn, wrongNames } from '../../ledger/resumption.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import type { Gathered } from './gather.ts'
import type { PackAsk, PackSink, PackSource } from './pack.ts'

/** Where the ledger went on from a restored backup, wherever that stands in it, and the names that it had. */
export interface Gaps {
  readonly all: readonly Recorded[]
  readonly names: readonly string[]
  readonly facts: readonly GapFacts[]
}

/** @throws TreeFault when the entries do not give the ledger the name that it has */
export async function readGaps({ beside, key }: Pick<PackSource, 'beside' | 'key'>): Promise<Gaps> {
  const all = await beside.resumptions()
  const resumptions = all.flatMap(
    ({ index, entry, leaf }) => resumptionIn({ index, entry: entry.id, text: leaf }) ?? [],
  )
  const wrong =
    resumptions.length < all.length
      ? 'an entry that gives the ledger another name has not the form of one'
      : wrongNames(resumptions, key)?.what
  if (wrong) throw new TreeFault(wrong.replace(/\.$/, ''))
  return {
    all,
    names: namesOf(resumptions, key),
    facts: resumptions.map(({ entry: _, ...one }, nth) => ({
      ...one,
      reason: all[nth]?.blobs.reason ?? null,
    })),
  }
}

/** Every name with its key, and the entries that gave it, with their values. */
export async function packGaps(sink: PackSink, { all, names }: Gaps, { key }: PackSource): Promise<void> {
  const keys = names.map((name) => `${verifierKey({ ...key, name })}\n`)
  await sink.file('keys/ledger-names.txt', keys.join(''))
  await sink.file('log/gaps.ndjson', all.map(({ leaf }) => `${leaf}\n`).join(''))
  await sink.file('log/gaps-values.ndjson', all.map(valueLines).join(''))
}

/** The proofs of these entries: they need not be of the pack's range. */
export async function proveGaps(sink: PackSink, { all }: Gaps): Promise<void> {
  for (const { index, leaf } of all)
    await sink.proof(`log/gaps/${index}.tlog-proof`, { index, hash: leafHash(Buffer.from(leaf)) })
}

/** The gaps are those of the entries, as far as the pack has all of these. @throws TreeFault */
export function refuseOtherGaps({ all }: Gaps, { subjects }: Gathered, { range, about }: PackAsk): void {
  if (about !== null) return
  const stand = [...subjects.values()]
    .flat()
    .filter(({ entry }) => entry.type === 'ledger.resumed')
    .map(({ index }) => index)
  const said = all.map(({ index }) => index).filter((index) => index < range.to)
  if (said.join() !== stand.sort((one, other) => one - other).join())
    throw new TreeFault(
      `the gaps are at the indexes ${stand.join() || 'none'}, and not at ${said.join() || 'none'}`,
    )
}
