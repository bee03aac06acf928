import { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { type DirectoryAt, severalDirectories } from '../approvals/people/severalDirectories.ts'
import type { Directory } from '../approvals/ports.ts'
import { createAgeClock } from '../lifetime/ageClock.ts'
import type { Config } from '../server/config.ts'
import { teamsAccessOf } from '../server/teamsAccess.ts'
import { whoAmI } from '../slack/identity.ts'
import { callTimeout, clientOptions, type SlackAccess } from '../slack/outbound/clients.ts'
import { createDirectory } from '../slack/outbound/directory.ts'
import { slackFault } from '../slack/outbound/fault.ts'
import type { TeamsAccess } from '../teams/access.ts'
import { isTeams } from '../teams/address.ts'
import { createDirectory as createTeamsDirectory } from '../teams/outbound/directory.ts'
import { ConnectorFault } from '../teams/outbound/fault.ts'
import { createTokens } from '../teams/outbound/tokens.ts'

/** Whom each channel knows, for whoever only looks. */
export async function directoryToLook(
  access: { readonly slack: SlackAccess | null; readonly teams: TeamsAccess | null },
  log: Logger,
): Promise<Directory> {
  const { slack, teams } = access
  const all: DirectoryAt[] = []
  if (slack) all.push({ directory: await inSlack(slack, log), has: (key) => !isTeams(key) })
  if (teams) all.push({ directory: inTeams(teams), has: isTeams })
  const [first, ...others] = all
  if (!first) throw new RangeError('there is no channel') // the configuration has at least the sandbox
  return severalDirectories(first, others, nobodyLinked)
}

/** As whom we speak with Teams; null without it. @throws StartFault */
export function teamsToLook({ teams }: Pick<Config, 'teams'>): TeamsAccess | null {
  return teams && teamsAccessOf(teams)
}

/** What a channel said that did not answer, in a word. */
export function saysOfChannel(fault: unknown): string {
  return fault instanceof ConnectorFault ? fault.code : slackFault(fault).code
}

/** Whether somebody is there is all that is asked; who they are linked with is not. */
const nobodyLinked = { account: async () => null, accountsOf: async () => [] }

async function inSlack(access: SlackAccess, log: Logger): Promise<Directory> {
  const client = new WebClient(access.botToken, clientOptions(access, { log, timeout: callTimeout.posts }))
  const identity = await whoAmI(client, access.teamId ?? null)
  return createDirectory({ client, identity, ages: createAgeClock() })
}

function inTeams(access: TeamsAccess): Directory {
  const ages = createAgeClock()
  return createTeamsDirectory({ access, tokens: createTokens(access, { ages }), ages })
}
