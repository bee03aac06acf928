import { leafHash } from '../../ledger/hashes.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import type { Neighbour, PackAsk, PackSink, PackSource } from './pack.ts'
import type { Period } from './records.ts'

/**
 * What shows that the range has the whole period: the leaves before it, back to one from before the period or to the first of the ledger,
 * and those after it, up to one from after the period or to the last that is sealed. Mostly that is one and one. Their times are those of
 * the processes that wrote them, so one beside the range can be from before the period where one from after it is expected.
 *
 * @throws TreeFault when a neighbour is missing, or is of the period: then the range is not that of `rangeOf`
 */
export async function readNeighbours(
  source: Pick<PackSource, 'head' | 'neighbour'>,
  { range, period, about }: Pick<PackAsk, 'range' | 'period' | 'about'>,
): Promise<readonly Neighbour[]> {
  if (about !== null) return []
  const { size } = source.head
  if (period === null) {
    if (range.from === 0 && range.to === size) return []
    throw new TreeFault(
      `all of the ledger are the entries 0 to ${size}, and not ${range.from} to ${range.to}`,
    )
  }
  const before: Neighbour[] = []
  for (let index = range.from - 1; index >= 0; index -= 1) {
    const one = await outside(source, index, period)
    before.unshift(one)
    if (one.ts < period.since) break
  }
  const after: Neighbour[] = []
  for (let index = range.to; index < size; index += 1) {
    const one = await outside(source, index, period)
    after.push(one)
    if (one.ts >= period.until) break
  }
  return [...before, ...after]
}

async function outside(
  { neighbour }: Pick<PackSource, 'neighbour'>,
  index: number,
  { since, until }: Period,
): Promise<Neighbour> {
  const one = await neighbour(index)
  if (!one) throw new TreeFault(`the entry ${index} beside the period is missing`)
  if (one.ts >= since && one.ts < until)
    throw new TreeFault(`the entry ${index} is of the period (${one.ts}), and not among its entries`)
  return one
}

export async function packNeighbours(sink: PackSink, all: readonly Neighbour[]): Promise<void> {
  await sink.file('log/neighbours.ndjson', all.map(({ leaf }) => `${leaf}\n`).join(''))
}

/** They may be in the pack's other files as well, or not at all. */
export async function proveNeighbours(sink: PackSink, all: readonly Neighbour[]): Promise<void> {
  for (const { index, leaf } of all)
    await sink.proof(`log/neighbours/${index}.tlog-proof`, { index, hash: leafHash(Buffer.from(leaf)) })
}
