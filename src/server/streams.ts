import type { Logger } from 'pino'
import { randomIds } from '../approvals/randomIds.ts'
import { startStreaming } from '../approvals/streams/streaming.ts'
import { type ReadStreams, readStreams } from '../streams/readStreams.ts'
import type { Parts } from './compose.ts'
import type { Config } from './config.ts'
import { readOperatorsFile } from './operatorsFile.ts'

export type Streams = Exclude<ReadStreams, { readonly problems: unknown }>

const none: Streams = { sinks: () => [], names: [], prints: false }

/**
 * The streams of STREAMS_FILE, or none where there is no such file configured.
 *
 * @throws StartFault with every problem of the file and its place; what stands in the file is not repeated
 */
export function streamsOf({ streamsFile }: Pick<Config, 'streamsFile'>): Streams {
  if (streamsFile === null) return none
  return readOperatorsFile(
    {
      setting: 'STREAMS_FILE',
      file: streamsFile,
      without: 'nothing is streamed',
      page: 'docs/streaming.md',
    },
    readStreams,
  )
}

/** Begins to send on what is sealed. Resolves to how to end it. */
export function streamsAtStart(
  { ports, store, health }: Pick<Parts, 'ports' | 'store' | 'health'>,
  { streams, log }: { readonly streams: Streams; readonly log: Pick<Logger, 'warn'> },
): () => Promise<void> {
  const sinks = streams.sinks({ outgoing: ports.outgoing, out: process.stdout })
  return startStreaming({ feed: store.feed, sinks, holder: randomIds.next('rep'), health, log })
}
