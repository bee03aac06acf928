import { isAbsolute } from 'node:path'
import type { Writable } from 'node:stream'
import { z } from 'zod'
import type { StreamSink } from '../approvals/streams/streamSink.ts'
import type { Outgoing } from '../approvals/webhooks/outgoing.ts'
import { ocsfVersions } from '../evidence/ocsf/words.ts'
import { type FileProblem, readOfOperator } from '../policy/format/ofOperator.ts'
import { properties } from '../policy/format/shape.ts'
import type { Source } from '../policy/format/source.ts'
import { fileSink } from './fileSink.ts'
import { stdoutSink } from './stdoutSink.ts'
import { webhookSink } from './webhookSink.ts'

/** What they are made with. */
interface StreamPorts {
  readonly outgoing: Pick<Outgoing, 'post' | 'refuse'>
  readonly out: Writable
}

export type ReadStreams =
  | {
      readonly sinks: (ports: StreamPorts) => readonly StreamSink[]
      readonly names: readonly string[]
      /** Whether one of them is standard output. */
      readonly prints: boolean
    }
  | { readonly problems: readonly FileProblem[] }

const ofEveryStream = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and -, at most 40'),
  format: z.enum(['ocsf', 'entry']),
  ocsf: z.enum(ocsfVersions).default('1.8.0'),
  values: z.boolean().default(false),
  begins: z.enum(['first', 'now']).default('first'),
  at_once: z.int().min(1).max(500).default(100),
}
const absolute = z.string().refine(isAbsolute, 'must be the absolute path of a file')

const streamSchema = z.discriminatedUnion('kind', [
  properties({
    ...ofEveryStream,
    kind: z.literal('webhook'),
    url: z.string().refine((text) => URL.canParse(text), 'must be an address'),
    secret_file: absolute,
  }),
  properties({ ...ofEveryStream, kind: z.literal('file'), path: absolute }),
  properties({ ...ofEveryStream, kind: z.literal('stdout') }),
])
type Stream = z.infer<typeof streamSchema>

const fileSchema = properties({ streams: z.array(streamSchema).min(1).max(20) })

/** The operator's file of streams (docs/streaming.md). Either all of it, checked, or everything that is wrong with it. Nothing is opened. */
export function readStreams(file: string, text: string): ReadStreams {
  const read = readOfOperator(file, text, fileSchema)
  if ('problems' in read) return read
  const { streams } = read.shape
  const problems = doublesIn(streams, read.source)
  if (problems.length > 0) return { problems }
  return {
    sinks: (ports) => streams.map((stream) => sinkOf(stream, ports)),
    names: streams.map(({ name }) => name),
    prints: streams.some(({ kind }) => kind === 'stdout'),
  }
}

/** Of two with one name, one cursor would be moved by both; of two with one file, each would find lines that it has not written. */
function doublesIn(streams: readonly Stream[], source: Source): readonly FileProblem[] {
  const second = (key: string, at: number, message: string) => [
    { ...source.place(['streams', at, key]), message },
  ]
  return streams.flatMap((stream, at) => {
    const before = streams.slice(0, at)
    return [
      ...(before.some(({ name }) => name === stream.name)
        ? second('name', at, 'Two streams have this name: rename one.')
        : []),
      ...(before.some((one) => one.kind === 'file' && stream.kind === 'file' && one.path === stream.path)
        ? second('path', at, 'Two streams write this file: name another.')
        : []),
      ...(before.some((one) => one.kind === 'stdout' && stream.kind === 'stdout')
        ? second('kind', at, 'Two streams print to standard output: leave one out.')
        : []),
    ]
  })
}

function sinkOf(stream: Stream, { outgoing, out }: StreamPorts): StreamSink {
  const { name, begins, at_once: atOnce, format, ocsf, values } = stream
  const of = { name, begins, atOnce, format, ocsf, values }
  switch (stream.kind) {
    case 'webhook':
      return webhookSink({ ...of, url: stream.url, secretFile: stream.secret_file, outgoing })
    case 'file':
      return fileSink({ ...of, path: stream.path })
    case 'stdout':
      return stdoutSink({ ...of, out })
  }
}
