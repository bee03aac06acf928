import { z } from 'zod'
import { severalChannels } from '../approvals/severalChannels.ts'
import { workspaceIn } from './address.ts'
import type { Slack } from './app.ts'
import type { SlackIdentity } from './identity.ts'
import type { Elsewhere } from './inbound/receiver.ts'

/** A workspace beside the first: its id, and what speaks with it. */
export interface OtherWorkspace {
  readonly team: string
  readonly slack: Slack
}

/** The ids that keys of a workspace's accounts name as their home. */
export function tenantsOf({ teamId, enterpriseId }: SlackIdentity): readonly string[] {
  return enterpriseId === null ? [teamId] : [teamId, enterpriseId]
}

/** All workspaces as one. What is signed is heard by the first and given to whom it is about. */
export function togetherAs(first: Slack, others: readonly OtherWorkspace[]): Slack {
  if (others.length === 0) return first
  const all = [first, ...others.map(({ slack }) => slack)]
  return {
    handle: first.handle,
    hear: first.hear,
    start: async () => void (await Promise.all(all.map((slack) => slack.start()))),
    stop: async () => {
      const ends = await Promise.allSettled(all.map((slack) => slack.stop()))
      const failed = ends.find((end) => end.status === 'rejected')
      if (failed) throw failed.reason
    },
    channel: severalChannels(
      others.map(({ team, slack }) => ({
        has: (addressOrKey) => workspaceIn(addressOrKey) === team,
        channel: slack.channel,
      })),
      first.channel,
    ),
  }
}

/**
 * Who hears what is about another workspace than the first. One that the operator names and that has not said yet who we are is heard by nobody, so
 * that Slack brings it again or tells the person: the first would look for its people among its own.
 */
export function elsewhere(teams: readonly string[], there: readonly OtherWorkspace[]): Elsewhere {
  return (delivered) => {
    const team = workspaceOf(delivered)
    if (team === null || !teams.includes(team)) return null
    return there.find((one) => one.team === team)?.slack ?? { hear: () => Promise.reject(notYet(team)) }
  }
}

function notYet(team: string): Error {
  return new Error(`${team} has not said yet who we are`)
}

const payload = z.object({
  /** Of an event: for which install it was sent. */
  authorizations: z.array(z.object({ team_id: z.string().nullish() })).optional(),
  /** Of a press, a window and a shortcut: where it was made. */
  team: z.object({ id: z.string() }).nullish(),
  /** Of a command and an event. */
  team_id: z.string().nullish(),
})

/**
 * Where a delivery of Slack's comes from, null when it does not say. It chooses who looks at it, and gives nobody anything: who somebody is
 * is asked of that workspace, and what they press has to stand on a card of it.
 */
export function workspaceOf(delivered: unknown): string | null {
  const read = payload.safeParse(delivered)
  if (!read.success) return null
  const { authorizations, team, team_id } = read.data
  return authorizations?.[0]?.team_id ?? team?.id ?? team_id ?? null
}
