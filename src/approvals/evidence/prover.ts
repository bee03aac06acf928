import { joined, nodeHash } from '../../ledger/hashes.ts'
import { consistencySpans, inclusionSpans, type Run, runsOf } from '../../ledger/proofs.ts'
import { tileWidth } from '../../ledger/tile.ts'
import type { ProvableLedger } from '../ledger/proveEntry.ts'

/** Tiles that are held: 511 hashes each. Entries of one request lie near each other. */
const tilesHeld = 64

/** Paths of many entries through one tree. */
export interface Prover {
  /** From the leaf to the root, the nearest first. */
  path(index: number): Promise<readonly Buffer[]>
  /** That the tree of the head begins with the one of this size. */
  consistency(older: number): Promise<readonly Buffer[]>
  /** The whole subtrees that the first so many leaves are made of, the largest first. */
  subtrees(size: number): Promise<readonly { readonly leaves: number; readonly hash: Buffer }[]>
}

/** A prover that reads each tile once, while it is near: many proofs cost little more than reading the tree. */
export function proverOf({ head, run }: Pick<ProvableLedger, 'head' | 'run'>): Prover {
  const tiles = new Map<string, Promise<readonly (readonly Buffer[])[]>>()
  /** All hashes inside the tile, by how many neighbours each is over: 1, 2, 4, … */
  const tile = (level: number, n: number): Promise<readonly (readonly Buffer[])[]> => {
    const name = `${level}/${n}`
    const held = tiles.get(name) ?? run({ level, index: n * tileWidth, count: tileWidth }).then(rowsAbove)
    tiles.delete(name)
    tiles.set(name, held)
    const [oldest] = tiles.keys()
    if (tiles.size > tilesHeld && oldest !== undefined) tiles.delete(oldest)
    return held
  }
  const hashOf = async ({ level, index, count }: Run): Promise<Buffer> => {
    const rows = await tile(level, Math.floor(index / tileWidth))
    const found = rows[Math.log2(count)]?.[(index % tileWidth) / count]
    if (!found) throw new RangeError(`the hash ${index} of level ${level} is missing from the tree`)
    return found
  }
  const spanHash = async (span: { readonly from: number; readonly to: number }): Promise<Buffer> =>
    joined(await inOrder(runsOf(span), hashOf))
  return {
    path: (index) => inOrder(inclusionSpans(index, head.size), spanHash),
    consistency: (older) => inOrder(consistencySpans(older, head.size), spanHash),
    subtrees: (size) =>
      inOrder(runsOf({ from: 0, to: size }), async (one) => ({
        leaves: one.count * tileWidth ** one.level,
        hash: await hashOf(one),
      })),
  }
}

async function inOrder<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<readonly R[]> {
  const found: R[] = []
  for (const one of all) found.push(await each(one))
  return found
}

function rowsAbove(hashes: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const rows: (readonly Buffer[])[] = [hashes]
  for (let row = hashes; row.length > 1; ) {
    const above: Buffer[] = []
    for (let at = 0; at + 1 < row.length; at += 2)
      above.push(nodeHash(row[at] ?? Buffer.alloc(0), row[at + 1] ?? Buffer.alloc(0)))
    rows.push(above)
    row = above
  }
  return rows
}
