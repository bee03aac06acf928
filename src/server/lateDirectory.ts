import { type Directory, DirectoryFault } from '../approvals/ports.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { type SlackIdentity, whoAmI } from '../slack/identity.ts'
import type { SlackClients } from '../slack/outbound/clients.ts'
import { createDirectory } from '../slack/outbound/directory.ts'

/** The server listens before Slack has said who we are; whoever asks for people until then hears that it cannot know. */
export function lateDirectory(): {
  readonly directory: Directory
  readonly arrive: (directory: Directory, identity: SlackIdentity) => void
  /** Who we are there, once that was said. */
  readonly identity: () => SlackIdentity | null
} {
  let arrived: Directory | null = null
  let met: SlackIdentity | null = null
  const known = async () => {
    if (!arrived) throw new DirectoryFault('Slack has not answered yet')
    return arrived
  }
  return {
    directory: {
      account: async (address) => (await known()).account(address),
      members: async (source) => (await known()).members(source),
      isMember: async (source, account) => (await known()).isMember(source, account),
      find: async (claim) => (await known()).find(claim),
    },
    arrive: (directory, identity) => {
      arrived = directory
      met = identity
    },
    identity: () => met,
  }
}

/** Asks Slack who we are; from then on people are looked up. */
export async function meetWorkspace(by: {
  readonly clients: SlackClients
  /** Which workspace of the organisation is meant, when the operator names one. */
  readonly team: string | null
  readonly late: ReturnType<typeof lateDirectory>
  readonly ages: AgeClock
}) {
  const identity = await whoAmI(by.clients.clicks, by.team)
  const directory = createDirectory({ client: by.clients.clicks, identity, ages: by.ages })
  by.late.arrive(directory, identity)
  return { identity, directory }
}
