import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WebClient } from '@slack/web-api'
import { directoryAnchor } from '../anchors/directory.ts'
import { readAnchors } from '../anchors/readAnchors.ts'
import type { Anchor } from '../approvals/ledger/anchors/anchor.ts'
import { slackAnchor } from '../slack/outbound/anchor.ts'
import type { Config } from './config.ts'
import { StartFault } from './startFault.ts'

/** What anchors are made with here. */
export interface AnchorMeans {
  readonly now: () => Date
  readonly slack: WebClient
}

/**
 * The anchors of ANCHORS_FILE. Without the file: a directory beside the database that comes with Countersign, which is better than nothing
 * and stands on the same machine; beside another database none.
 *
 * @throws StartFault with every problem of the file and its place
 */
export function anchorsOf(
  { anchorsFile, databaseUrl, dataDir }: Pick<Config, 'anchorsFile' | 'databaseUrl' | 'dataDir'>,
  { now, slack }: AnchorMeans,
): readonly Anchor[] {
  if (anchorsFile === null)
    return databaseUrl === null
      ? [directoryAnchor({ name: besideUs, path: join(dataDir, 'anchors'), isOurs: true })]
      : []
  const read = readAnchors(anchorsFile, textOf(anchorsFile))
  if ('anchors' in read) return read.anchors({ now, slack: (config) => slackAnchor(slack, config) })
  const places = read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  throw new StartFault({
    problem: `ANCHORS_FILE, ${anchorsFile}, cannot be used:\n${places.join('\n')}`,
    fix: 'Correct it; docs/operations.md, "Anchors", has every property.',
  })
}

/** The anchor that stands on the same machine. */
export const besideUs = 'data-dir'

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartFault({
      problem: `ANCHORS_FILE names ${file}, which cannot be read.`,
      fix: 'Name a file that the server may read, or leave ANCHORS_FILE out: then checkpoints do not leave the house.',
      cause,
    })
  }
}
