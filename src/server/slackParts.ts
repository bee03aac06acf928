import type { Logger } from 'pino'
import type { DirectoryAt } from '../approvals/people/severalDirectories.ts'
import type { Health } from '../approvals/ports.ts'
import type { Reach } from '../channels/reach.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { SlackIdentity } from '../slack/identity.ts'
import type { SlackAccess, SlackClients } from '../slack/outbound/clients.ts'
import type { SlackDirectory } from '../slack/outbound/directory.ts'
import type { RotatingToken } from '../slack/outbound/rotatingToken.ts'
import type { OpenStore } from '../store/open.ts'
import type { InstallationSecret } from '../store/secretFile.ts'
import type { Config } from './config.ts'
import { lateDirectory, meetWorkspace } from './lateDirectory.ts'
import { everybody, type OtherWorkspaceParts } from './otherWorkspaces.ts'
import { slackCalls } from './slackAccess.ts'

/** What speaks with Slack, in all workspaces. */
export interface SlackParts {
  readonly access: SlackAccess
  readonly clients: SlackClients
  /** The token of now, where the app's tokens rotate. */
  readonly rotating: RotatingToken | null
  /** Whether Slack reaches people for us in the first workspace. */
  readonly reach: Reach
  readonly others: readonly OtherWorkspaceParts[]
  /** The people of each workspace, those of the first before the others. */
  readonly directories: readonly DirectoryAt[]
  /** Whether one of the workspaces reaches people. */
  readonly reachesPeople: () => boolean
  /** Where Slack says what is wrong with it. */
  readonly health: Health
  /** Asks Slack who we are; until then nobody can be looked up. @throws when Slack does not say */
  connectSlack(): Promise<{ readonly identity: SlackIdentity; readonly directory: SlackDirectory }>
}

export function slackParts(
  config: Config,
  given: SlackAccess,
  by: {
    readonly store: OpenStore
    readonly secret: InstallationSecret
    readonly health: Health
    readonly ages: AgeClock
    readonly log: Logger
    readonly metrics: Metrics | undefined
  },
): SlackParts {
  const { reach, access, clients, rotating } = slackCalls(config, given, by)
  const { ages, health } = by
  const late = lateDirectory()
  const { others, directories } = everybody(config.slack, { ...by, first: late })
  return {
    ...{ access, clients, rotating, reach, health, others, directories },
    reachesPeople: () => [{ reach }, ...others].some((one) => one.reach.reaches()),
    connectSlack: () => meetWorkspace({ clients, late, ages, team: access.teamId ?? null }),
  }
}
