import { stat } from 'node:fs/promises'
import { z } from 'zod'
import type { Anchor } from '../approvals/ledger/anchors/anchor.ts'
import { type FileProblem, readOfOperator, sameNames } from '../policy/format/ofOperator.ts'
import { properties } from '../policy/format/shape.ts'
import { s3Schema } from './bucket.ts'
import { directoryAnchor, directorySchema } from './directory.ts'
import { ofEveryAnchor } from './ofEveryAnchor.ts'
import { s3Anchor } from './s3.ts'
import { createThreads, type Threads } from './threads.ts'
import { witnessAnchor, witnessSchema } from './witness.ts'

/** A conversation of the channel; how a message gets there is not known here. */
const slackSchema = properties({
  ...ofEveryAnchor,
  kind: z.literal('slack'),
  channel: z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'must be the id of a channel, such as C012AB3CD'),
})

type SlackAnchorConfig = Omit<z.infer<typeof slackSchema>, 'kind'>

/** What anchors are made with. */
interface AnchorsOf {
  readonly now: () => Date
  readonly slack: (config: SlackAnchorConfig) => Anchor
}

export type ReadAnchors =
  | { readonly anchors: (of: AnchorsOf) => readonly Anchor[] }
  | { readonly problems: readonly FileProblem[] }

const anchorSchema = z.discriminatedUnion('kind', [directorySchema, s3Schema, slackSchema, witnessSchema])
const fileSchema = properties({ anchors: z.array(anchorSchema).min(1).max(20) })

/** The operator's file of anchors (docs/operations.md). Either all of it, checked, or everything that is wrong with it. Nothing is connected. */
export function readAnchors(file: string, text: string): ReadAnchors {
  const read = readOfOperator(file, text, fileSchema)
  if ('problems' in read) return read
  const { anchors } = read.shape
  const problems = sameNames(anchors, { source: read.source, path: ['anchors'], all: 'anchors' })
  if (problems.length > 0) return { problems }
  return {
    anchors: (of) => {
      const threads = createThreads()
      return anchors.map((anchor) => anchorOf(anchor, { ...of, threads }))
    },
  }
}

function anchorOf(
  anchor: z.infer<typeof anchorSchema>,
  { now, slack, threads }: AnchorsOf & { readonly threads: Threads },
): Anchor {
  switch (anchor.kind) {
    case 'directory':
      return directoryAnchor(anchor, { threads, stat })
    case 's3':
      return s3Anchor(anchor, now)
    case 'slack':
      return slack(anchor)
    case 'witness':
      return witnessAnchor(anchor)
  }
}
