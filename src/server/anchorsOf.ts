import { join } from 'node:path'
import type { WebClient } from '@slack/web-api'
import { directoryAnchor } from '../anchors/directory.ts'
import { readAnchors } from '../anchors/readAnchors.ts'
import type { Anchor } from '../approvals/ledger/anchors/anchor.ts'
import { slackAnchor } from '../slack/outbound/anchor.ts'
import type { Config } from './config.ts'
import { readOperatorsFile } from './operatorsFile.ts'
import { StartFault } from './startFault.ts'

/** What anchors are made with here. */
export interface AnchorMeans {
  readonly now: () => Date
  /** Null: without Slack. */
  readonly slack: WebClient | null
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
  const read = readOperatorsFile(
    {
      setting: 'ANCHORS_FILE',
      file: anchorsFile,
      without: 'checkpoints do not leave the house',
      page: 'docs/operations.md, "Anchors",',
    },
    readAnchors,
  )
  return read.anchors({
    now,
    slack: (config) => {
      if (slack) return slackAnchor(slack, config)
      throw new StartFault({
        problem: `ANCHORS_FILE names the Slack channel ${config.channel} (${config.name}), and Slack is not configured.`,
        fix: 'Take that anchor out of the file, or set the keys of Slack.',
      })
    },
  })
}

/** The anchor that stands on the same machine. */
export const besideUs = 'data-dir'
