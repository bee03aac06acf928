import { canonical } from '../../core/canonical.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import { isSignedBy } from '../../ledger/note.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import type { AnchoredLine } from './besideEntries.ts'
import type { PackAsk, PackSink, PackSource } from './pack.ts'
import type { Gaps } from './packGaps.ts'

/** What anchors took, held against the tree while it grows. */
export interface Anchorage {
  /** The tree has so many entries now. @throws TreeFault when a checkpoint for as many is not of it */
  grown(size: number, root: () => Buffer): Promise<void>
  /** @throws TreeFault when a checkpoint is left that is of no size that the tree had */
  end(): Promise<void>
}

/** Begins log/anchored.ndjson. A part has none: its entries do not make the tree. */
export async function openAnchorage(
  { beside, key }: Pick<PackSource, 'beside' | 'key'>,
  sink: PackSink,
  { ask: { range, about }, gaps }: { readonly ask: PackAsk; readonly gaps: Gaps },
): Promise<Anchorage> {
  const spool = await sink.spool('log/anchored.ndjson')
  const lines = about === null ? beside.anchored(range)[Symbol.asyncIterator]() : null
  const take = async (): Promise<AnchoredLine | null> => {
    const next = await lines?.next()
    return next && !next.done ? next.value : null
  }
  let next = await take()
  return {
    async grown(size, root) {
      for (; next?.size === size; next = await take()) {
        refuseOther(next, { root: root(), key, gaps })
        await spool.write(`${canonical({ ...next })}\n`)
      }
    },
    async end() {
      if (next)
        throw new TreeFault(
          `${next.anchor} has a checkpoint of ${next.size} entries that is not in its place`,
        )
      await sink.add('log/anchored.ndjson')
    },
  }
}

function refuseOther(
  { anchor, origin, size, checkpoint }: AnchoredLine,
  { root, key, gaps }: Pick<PackSource, 'key'> & { readonly root: Buffer; readonly gaps: Gaps },
): void {
  const read = readCheckpoint(checkpoint)
  const isOurs =
    read?.origin === origin && gaps.names.includes(origin) && isSignedBy(read.note, { ...key, name: origin })
  if (!isOurs || read.size !== size || !read.root.equals(root))
    throw new TreeFault(`the checkpoint of ${size} entries that ${anchor} took is not of this tree`)
}
