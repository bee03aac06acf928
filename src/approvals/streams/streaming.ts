import { createBell } from '../bell.ts'
import type { Health } from '../ports.ts'
import type { Patience } from './handOver.ts'
import { sendOn } from './sendOn.ts'
import type { StreamFeed } from './streamFeed.ts'
import { SinkFault, type StreamSink } from './streamSink.ts'

export interface StreamingOptions {
  readonly feed: StreamFeed
  readonly sinks: readonly StreamSink[]
  /** This process, as no other is called. */
  readonly holder: string
  readonly health: Health
  readonly log: { warn(fields: object, message: string): void }
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number
  readonly paces?: Paces
}

/** Milliseconds. */
interface Paces {
  /** Between two looks. */
  readonly every: number
  /** After a failure; doubled with each that follows… */
  readonly firstWait: number
  /** …up to this. */
  readonly longestWait: number
  /** Something waits, and nothing was taken for so long: then the stream counts as behind. */
  readonly silentAfter: number
  /** How long a receiver is waited for. */
  readonly patience: Patience
}

const usual: Paces = {
  ...{ every: 1_000, firstWait: 1_000, longestWait: 60_000, silentAfter: 60_000 },
  patience: { longest: 20_000, last: 10_500 },
}

/** Batches that are taken before a receiver that had taken fewer at once is offered twice as many again. */
const untilMore = 16

/** Milliseconds: what a receiver asks for beyond this is not waited for. */
const longestAsked = 600_000

/**
 * Sends what is sealed to each stream, for as long as this process serves. Each goes its own way: one that fails keeps none of the others.
 * Every replica runs it, and one at a time sends a stream.
 *
 * @returns how to end it: resolves when nothing is on its way any more, and every turn is given back
 */
export function startStreaming(options: StreamingOptions): () => Promise<void> {
  const ending = new AbortController()
  const done = Promise.all(options.sinks.map((sink) => follow(sink, options, ending.signal)))
  return async () => {
    ending.abort()
    await done
  }
}

/** One stream, until the signal. Never rejects. */
async function follow(sink: StreamSink, options: StreamingOptions, signal: AbortSignal): Promise<void> {
  const { paces = usual, feed, holder } = options
  const { look, hear } = watchedLook(sink, options, signal)
  // Beside the looks: one that gets no answer says nothing itself.
  const hearing = setInterval(hear, paces.every)
  for (let wait = 0; !signal.aborted; ) {
    await pause(wait, signal)
    if (signal.aborted) break
    wait = (await look()) ?? paces.every
  }
  clearInterval(hearing)
  await feed.release(sink.name, holder).catch(() => undefined) // its time runs out without us, too
}

interface Watched {
  /** Resolves to the milliseconds to wait when it failed. Never rejects. */
  readonly look: () => Promise<number | null>
  /** Says that nothing was taken for too long, when that is so. */
  readonly hear: () => void
}

/** One look, and what is said of how it went. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what one look finds is state that each of these closures reads or sets
function watchedLook(
  sink: StreamSink,
  { feed, holder, health, log, paces = usual, elapsed = () => performance.now() }: StreamingOptions,
  signal: AbortSignal,
): Watched {
  let begun = false
  let failures = 0
  const size = sizeFor(sink)
  let wentOnAt = elapsed()
  let lastNext = -1
  let waits = true
  let lastWhy = 'it does not answer'
  const wentOn = (): void => {
    wentOnAt = elapsed()
    failures = 0
    lastWhy = 'it does not answer'
    health.clear('stream_behind', sink.name)
  }
  const hear = (): void => {
    if (waits && elapsed() - wentOnAt >= paces.silentAfter)
      health.raise('stream_behind', `${sink.name}: ${lastWhy}.`, sink.name)
  }
  const failed = (fault: unknown): number => {
    const why = fault instanceof Error ? fault.message : String(fault)
    failures += 1
    if (failures === 1) log.warn({ stream: sink.name, why }, 'a stream did not go on; trying again')
    lastWhy = why
    if (fault instanceof SinkFault && fault.stands)
      health.raise('stream_behind', `${sink.name}: ${why}.`, sink.name)
    else hear()
    if (fault instanceof SinkFault && fault.isTooMuch) size.tooMuch()
    return waitAfter(fault, failures, paces)
  }
  const look = async (): Promise<number | null> => {
    try {
      if (!begun) await feed.begin(sink.name, sink.begins)
      begun = true
      const { next, size: sealed } = await feed.standing(sink.name)
      waits = next < sealed
      // Whoever sent it: it went on.
      if (!waits || next > lastNext) wentOn()
      lastNext = next
      const { patience } = paces
      if (waits)
        await sendOn({
          feed,
          sink,
          holder,
          signal,
          atOnce: size.now,
          patience,
          taken: (what) => void [wentOn(), size.taken(what)],
        })
      return null
    } catch (fault) {
      if (signal.aborted) return null
      await feed.release(sink.name, holder).catch(() => undefined) // another may have more luck
      return failed(fault)
    }
  }
  return { look, hear }
}

/** Milliseconds. */
function waitAfter(fault: unknown, failures: number, { firstWait, longestWait }: Paces): number {
  const asked = fault instanceof SinkFault ? (fault.retryAfterSeconds ?? 0) * 1_000 : 0
  const own = Math.min(firstWait * 2 ** Math.min(failures - 1, 16), longestWait)
  return Math.max(own, Math.min(asked, longestAsked))
}

/** How many a receiver is offered at once: half as many when that was too much, and more again when it has taken a while what it was given. */
function sizeFor({ atOnce }: Pick<StreamSink, 'atOnce'>) {
  let [now, taken] = [atOnce, 0]
  return {
    now: () => now,
    tooMuch: () => {
      ;[now, taken] = [Math.max(1, Math.floor(now / 2)), 0]
    },
    taken: (what: 'batch' | 'part') => {
      if (what === 'batch') taken += 1
      if (taken >= untilMore) [now, taken] = [Math.min(atOnce, now * 2), 0]
    },
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await createBell().rung(ms, signal)
}
