import { createBell } from '../bell.ts'
import type { Health } from '../ports.ts'
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
}

const usual: Paces = { every: 1_000, firstWait: 1_000, longestWait: 60_000, silentAfter: 60_000 }

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
  const look = watchedLook(sink, options, signal)
  for (let wait = 0; !signal.aborted; ) {
    await pause(wait, signal)
    if (signal.aborted) break
    wait = (await look()) ?? paces.every
  }
  await feed.release(sink.name, holder).catch(() => undefined) // its time runs out without us, too
}

/** One look, and what is said of how it went. Resolves to the milliseconds to wait when it failed. Never rejects. */
function watchedLook(
  sink: StreamSink,
  { feed, holder, health, log, paces = usual, elapsed = () => performance.now() }: StreamingOptions,
  signal: AbortSignal,
): () => Promise<number | null> {
  let begun = false
  let failures = 0
  let atOnce = sink.atOnce
  let wentOnAt = elapsed()
  let lastNext = -1
  const wentOn = (): void => {
    wentOnAt = elapsed()
    failures = 0
    health.clear('stream_behind', sink.name)
  }
  const failed = (fault: unknown): number => {
    const why = fault instanceof Error ? fault.message : String(fault)
    failures += 1
    if (failures === 1) log.warn({ stream: sink.name, why }, 'a stream did not go on; trying again')
    const stands = fault instanceof SinkFault && fault.stands
    if (stands || elapsed() - wentOnAt >= paces.silentAfter)
      health.raise('stream_behind', `${sink.name}: ${why}.`, sink.name)
    if (fault instanceof SinkFault && fault.isTooMuch) atOnce = Math.max(1, Math.floor(atOnce / 2))
    const asked = fault instanceof SinkFault ? (fault.retryAfterSeconds ?? 0) * 1_000 : 0
    const own = Math.min(paces.firstWait * 2 ** Math.min(failures - 1, 16), paces.longestWait)
    return Math.max(own, Math.min(asked, longestAsked))
  }
  return async () => {
    try {
      if (!begun) await feed.begin(sink.name, sink.begins)
      begun = true
      const { next, size } = await feed.standing(sink.name)
      // Whoever sent it: it went on.
      if (next >= size || next > lastNext) wentOn()
      lastNext = next
      if (next < size) await sendOn({ feed, sink, holder, signal, atOnce, taken: wentOn })
      return null
    } catch (fault) {
      if (signal.aborted) return null
      await feed.release(sink.name, holder).catch(() => undefined) // another may have more luck
      return failed(fault)
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await createBell().rung(ms, signal)
}
