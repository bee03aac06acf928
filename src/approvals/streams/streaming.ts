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
function watchedLook(sink: StreamSink, options: StreamingOptions, signal: AbortSignal): Watched {
  const { feed, holder, paces = usual } = options
  const { patience } = paces
  const size = sizeFor(sink)
  const told = tellingOf(sink, options)
  let begun = false
  let lastNext = -1
  const look = async (): Promise<number | null> => {
    try {
      if (!begun) await feed.begin(sink.name, sink.begins)
      begun = true
      const { next, size: sealed } = await feed.standing(sink.name)
      const waits = next < sealed
      told.waiting(waits)
      // Whoever sent it: it went on.
      if (!waits || next > lastNext) told.wentOn()
      lastNext = next
      const taken = (what: 'batch' | 'part') => void [told.wentOn(), size.taken(what)]
      if (waits) await sendOn({ feed, sink, holder, signal, atOnce: size.now, patience, taken })
      return null
    } catch (fault) {
      if (signal.aborted) return null
      await feed.release(sink.name, holder).catch(() => undefined) // another may have more luck
      if (fault instanceof SinkFault && fault.isTooMuch) size.tooMuch()
      return waitAfter(fault, told.failed(fault), paces)
    }
  }
  return { look, hear: told.hear }
}

/** What is said of how a stream goes: at its first failure, and when nothing was taken for too long. */
function tellingOf(
  { name }: Pick<StreamSink, 'name'>,
  { health, log, paces = usual, elapsed = () => performance.now() }: StreamingOptions,
) {
  const quiet = 'it does not answer'
  let [wentOnAt, failures, waits, lastWhy] = [elapsed(), 0, true, quiet]
  const behind = (why: string): void => health.raise('stream_behind', `${name}: ${why}.`, name)
  const hear = (): void => {
    if (waits && elapsed() - wentOnAt >= paces.silentAfter) behind(lastWhy)
  }
  return {
    hear,
    waiting: (now: boolean): void => {
      waits = now
    },
    wentOn: (): void => {
      ;[wentOnAt, failures, lastWhy] = [elapsed(), 0, quiet]
      health.clear('stream_behind', name)
    },
    /** Returns how many failures that makes, one after the other. */
    failed: (fault: unknown): number => {
      lastWhy = fault instanceof Error ? fault.message : String(fault)
      failures += 1
      if (failures === 1) log.warn({ stream: name, why: lastWhy }, 'a stream did not go on; trying again')
      if (fault instanceof SinkFault && fault.stands) behind(lastWhy)
      else hear()
      return failures
    },
  }
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
