import { type DirectoryAt, severalDirectories } from '../approvals/people/severalDirectories.ts'
import type { Directory } from '../approvals/ports.ts'
import type { SlackAccess } from '../slack/outbound/clients.ts'
import type { TeamsAccess } from '../teams/access.ts'
import { isTeams } from '../teams/address.ts'
import { type Config, isSandbox } from './config.ts'
import { nobodyReachable } from './nobodyReachable.ts'
import { readRunning } from './running.ts'
import { accessOf } from './slackAccess.ts'
import { type SlackParts, slackParts } from './slackParts.ts'
import { teamsAccessOf } from './teamsAccess.ts'
import { type TeamsParts, teamsParts } from './teamsParts.ts'

/** As whom we speak in each channel; null for one that we are not in. */
export interface ChannelAccess {
  readonly slack: SlackAccess | null
  readonly teams: TeamsAccess | null
}

/** What speaks with people: Slack, Teams, or both. */
export interface ChannelParts {
  readonly slack: SlackParts | null
  readonly teams: TeamsParts | null
  /** The people of all of them. The first says who is on the staff: Slack where there is one. */
  readonly directory: Directory
  /** Whether one of them reaches people. */
  readonly reachesPeople: () => boolean
  /** Whether a conversation is of one of them. */
  readonly hasConversation: (address: string) => boolean
}

/**
 * Slack and Teams as configured; with neither, the sandbox of the server that runs on this data directory.
 *
 * @throws StartFault when no sandbox runs, or the certificate for Teams cannot be used
 */
export function channelAccessOf(config: Config): ChannelAccess {
  const { slack, teams } = config
  if (isSandbox(config))
    return { slack: accessOf(config), teams: readRunning(config.dataDir)?.sandbox?.teams ?? null }
  return { slack: slack && accessOf(config), teams: teams && teamsAccessOf(teams) }
}

export function channelParts(
  config: Config,
  given: ChannelAccess,
  by: Parameters<typeof slackParts>[2],
): ChannelParts {
  const channelHealth = nobodyReachable(by.health)
  const slack = given.slack && slackParts(config, given.slack, { ...by, health: channelHealth() })
  const teams = given.teams && teamsParts(given.teams, { ...by, health: channelHealth() })
  const directories: readonly DirectoryAt[] = [
    ...(slack?.directories ?? []),
    ...(teams ? [{ directory: teams.directory, has: isTeams }] : []),
  ]
  return {
    ...{ slack, teams },
    directory: together(directories, by.store.store),
    reachesPeople: () => (slack?.reachesPeople() ?? false) || (teams?.reach.reaches() ?? false),
    hasConversation: (address) => (isTeams(address) ? teams : slack) !== null,
  }
}

function together(
  [first, ...others]: readonly DirectoryAt[],
  store: Parameters<typeof severalDirectories>[2],
): Directory {
  if (!first) throw new RangeError('there is no channel') // the configuration has at least the sandbox
  return others.length === 0 ? first.directory : severalDirectories(first, others, store)
}
