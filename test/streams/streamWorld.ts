import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Health } from '../../src/approvals/ports.ts'
import type { StreamFeed } from '../../src/approvals/streams/streamFeed.ts'
import { type StreamingOptions, startStreaming } from '../../src/approvals/streams/streaming.ts'
import { SinkFault, type StreamSink } from '../../src/approvals/streams/streamSink.ts'
import type { Recorded } from '../../src/evidence/recorded.ts'
import { opened } from '../store/opened.ts'
import { recorded, sealed } from '../store/sealingWorld.ts'
import { heardHealth, nobodyHears } from '../support/health.ts'

export const quick = {
  ...{ every: 5, firstWait: 1, longestWait: 4, silentAfter: 60_000 },
  patience: { longest: 120_000, last: 50 },
}

/** A database with a ledger, which grows by so many entries at a time. */
export async function streamWorld(databaseUrl?: string) {
  const open = await opened(databaseUrl)
  await sealed(open)
  return {
    ...open,
    grow: async (count: number) => {
      await recorded(open, count)
      await sealed(open)
    },
    cursor: async (name: string) => (await open.feed.standing(name)).next,
  }
}

let replicas = 0

/** Streams until the test ends, or until it is told to stop. */
export function streaming(
  feed: StreamFeed,
  sinks: readonly StreamSink[],
  more: Partial<Omit<StreamingOptions, 'feed' | 'sinks'>> = {},
): () => Promise<void> {
  replicas += 1
  const options = { ...nobodyHears, holder: `rep_${replicas}`, paces: quick, ...more }
  const stop = startStreaming({ feed, sinks, ...options })
  onTestFinished(stop)
  return stop
}

/** What somebody received, and how they answer: a small receiver that works, or does not. */
export interface Receiver extends StreamSink {
  readonly got: number[]
  /** The first of them that are refused, or taken and then said to have been refused. */
  fails: ('before' | 'after' | 'deaf')[]
}

export function receiver(name = 'siem', more: Partial<StreamSink> = {}): Receiver {
  const got: number[] = []
  const one: Receiver = {
    name,
    begins: 'first',
    atOnce: 3,
    got,
    fails: [],
    async take(batch: readonly Recorded[], signal) {
      const fails = one.fails.shift()
      if (fails === 'before') throw new SinkFault('it answered 503')
      if (fails === 'deaf')
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new SinkFault('it did not answer in time')), {
            once: true,
          }),
        )
      got.push(...batch.map(({ index }) => index))
      if (fails === 'after') throw new SinkFault('it closed the connection')
    },
    check: async () => null,
    ...more,
  }
  return one
}

/** Health that is heard, with a clock that the test moves. */
export function heard() {
  let now = 0
  const { health, raised, now: codes } = heardHealth()
  return {
    options: { health: health as Health, elapsed: () => now },
    later: (ms: number) => {
      now += ms
    },
    raised,
    codes,
  }
}

export const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Each once, at the first time that it came. */
export const firsts = (got: readonly number[]) => [...new Set(got)]

export function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'countersign-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
