import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { randomIds } from '../approvals/randomIds.ts'
import { startStreaming } from '../approvals/streams/streaming.ts'
import { type ReadStreams, readStreams } from '../streams/readStreams.ts'
import type { Parts } from './compose.ts'
import type { Config } from './config.ts'
import { StartFault } from './startFault.ts'

export type Streams = Exclude<ReadStreams, { readonly problems: unknown }>

const none: Streams = { sinks: () => [], names: [], prints: false }

/**
 * The streams of STREAMS_FILE, or none where there is no such file configured.
 *
 * @throws StartFault with every problem of the file and its place; what stands in the file is not repeated
 */
export function streamsOf({ streamsFile }: Pick<Config, 'streamsFile'>): Streams {
  if (streamsFile === null) return none
  const read = readStreams(streamsFile, textOf(streamsFile))
  if (!('problems' in read)) return read
  const places = read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  throw new StartFault({
    problem: `STREAMS_FILE, ${streamsFile}, cannot be used:\n${places.join('\n')}`,
    fix: 'Correct it; docs/streaming.md has every property.',
  })
}

/** Begins to send on what is sealed. Resolves to how to end it. */
export function streamsAtStart(
  { ports, store, health }: Pick<Parts, 'ports' | 'store' | 'health'>,
  { streams, log }: { readonly streams: Streams; readonly log: Pick<Logger, 'warn'> },
): () => Promise<void> {
  const sinks = streams.sinks({ outgoing: ports.outgoing, out: process.stdout })
  return startStreaming({ feed: store.feed, sinks, holder: randomIds.next('rep'), health, log })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartFault({
      problem: `STREAMS_FILE names ${file}, which cannot be read.`,
      fix: 'Name a file that the server may read, or leave STREAMS_FILE out: then nothing is streamed.',
      cause,
    })
  }
}
