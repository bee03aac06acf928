import type { Channel } from '../approvals/channelPort.ts'
import { severalChannels } from '../approvals/severalChannels.ts'
import type { Closers } from '../lifetime/closers.ts'
import type { Start } from '../lifetime/start.ts'
import { isTeams } from '../teams/address.ts'
import type { Parts } from './compose.ts'
import type { FrontDoor } from './frontDoor.ts'
import { type OpenBy, openSlack } from './openSlack.ts'
import { openTeams } from './openTeams.ts'

/** Milliseconds in which each has to end. */
const limits = { slack: 5_000, teams: 5_000 } as const

/**
 * Begins to hear every channel, Slack before Teams, and lets the front door hand them what comes for them. Resolves to what jobs tell people
 * by.
 *
 * @throws StartFault when one refuses us and waiting cannot change that; the reason of the signal
 */
export async function openChannels(
  parts: Parts,
  by: Omit<OpenBy, 'signal'> & {
    readonly front: Pick<FrontDoor, 'slack' | 'teams'>
    readonly closers: Closers
    readonly start: Start
  },
): Promise<Channel> {
  const { front, closers, start, sandbox } = by
  const { signal, phase } = start
  const { slack, teams } = parts
  if (slack) {
    start.begins(sandbox ? 'Opening the local Slack of the sandbox' : 'Connecting to Slack')
    front.slack = await phase('Slack', async () => {
      const opened = await openSlack({ ...parts, slack }, { ...by, signal })
      closers.add('Slack', () => opened.stop(), limits.slack)
      return opened
    })
  }
  if (teams) {
    start.begins(sandbox ? 'Opening the local Teams of the sandbox' : 'Connecting to Teams')
    front.teams = await phase('Teams', async () => {
      const opened = await openTeams({ ...parts, teams }, { ...by, signal, isBeside: slack !== null })
      closers.add('Teams', () => opened.stop(), limits.teams)
      return opened
    })
  }
  return channelOf(front)
}

function channelOf({ slack, teams }: Pick<FrontDoor, 'slack' | 'teams'>): Channel {
  if (slack && teams) return severalChannels([{ has: isTeams, channel: teams.channel }], slack.channel)
  const only = slack ?? teams
  if (!only) throw new RangeError('there is no channel') // the configuration has at least the sandbox
  return only.channel
}
