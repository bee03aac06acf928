import type { Recorded } from '../../evidence/recorded.ts'
import { within } from '../../lifetime/limit.ts'
import { handOver, type Patience, TurnLost } from './handOver.ts'
import type { Standing, StreamFeed } from './streamFeed.ts'
import { SinkFault, type StreamSink } from './streamSink.ts'

export interface SendOptions {
  readonly feed: StreamFeed
  readonly sink: StreamSink
  /** This process. */
  readonly holder: string
  readonly signal: AbortSignal
  /** At most so many at once, by now. */
  readonly atOnce: () => number
  readonly patience: Patience
  /** Hears that a batch was taken and is counted as such, or that a part of it was taken. */
  readonly taken: (what: 'batch' | 'part') => void
}

/**
 * Sends on what waits, in the order of the index, and resolves when nothing waits, when it is somebody else's turn, or when the signal
 * says so. First the receiver takes it, then the cursor moves: whoever dies in between sends it again, and nothing is left out. The turn is
 * made longer before each message; whoever has lost it sends no other.
 *
 * @throws SinkFault; TreeFault; StoreUnavailable
 */
export async function sendOn(options: SendOptions): Promise<'all' | 'elsewhere'> {
  const { feed, sink, holder, signal } = options
  const standing = await feed.take(sink.name, holder)
  if (!standing) return 'elsewhere'
  const from = await placeIn(options, standing)
  let next = standing.next
  const moveTo = async (to: number): Promise<boolean> => {
    if (to <= next) return true // what only fills up a file that was behind
    const moved = await feed.advance(sink.name, { holder, from: next, to })
    if (moved) next = to
    return moved
  }
  if (!(await moveTo(from))) return 'elsewhere'
  const keep = () => feed.keep(sink.name, holder)
  const handing = { sink, signal, patience: options.patience, keep, partTaken: () => options.taken('part') }
  try {
    for await (const page of feed.pages({ from, to: standing.size }))
      for (const batch of batchesOf(page, options.atOnce)) {
        if (signal.aborted) return 'all'
        await handOver(batch, handing)
        if (!(await moveTo(endOf(batch)))) return 'elsewhere'
        options.taken('batch')
      }
  } catch (fault) {
    if (fault instanceof TurnLost) return 'elsewhere'
    throw fault
  }
  return 'all'
}

function endOf(batch: readonly Recorded[]): number {
  return (batch.at(-1)?.index ?? -1) + 1
}

/** The first index to send: what a file holds counts more than the cursor, which may be another file's, or from before a kill. */
async function placeIn({ feed, sink, patience }: SendOptions, { next, size }: Standing): Promise<number> {
  const end = await within(patience.longest, 'looking at its end', async () => sink.end?.())
  if (!end) return next
  const stands = end.index < size ? await feed.entryAt(end.index) : null
  if (stands === end.entry) return end.index + 1
  throw new SinkFault(
    `it ends with ${end.entry} at index ${end.index}, and the ledger has ${stands ?? 'nothing'} there: it is of another ledger, or of what a restored backup has lost`,
    { stands: true },
  )
}

function* batchesOf(page: readonly Recorded[], atOnce: () => number): Generator<readonly Recorded[]> {
  for (let at = 0; at < page.length; ) {
    const batch = page.slice(at, at + atOnce())
    yield batch
    at += batch.length
  }
}
