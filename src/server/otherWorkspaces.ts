import type { Logger } from 'pino'
import type { DirectoryAt } from '../approvals/people/severalDirectories.ts'
import type { Directory, Health } from '../approvals/ports.ts'
import type { Reach } from '../channels/reach.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { workspaceIn } from '../slack/address.ts'
import { type SlackIdentity, WrongToken, whoAmI } from '../slack/identity.ts'
import { createClients, type SlackAccess, type SlackClients } from '../slack/outbound/clients.ts'
import { createDirectory, type SlackDirectory } from '../slack/outbound/directory.ts'
import { createReach } from '../slack/outbound/reach.ts'
import { tenantsOf } from '../slack/workspaces.ts'
import { lateDirectory } from './lateDirectory.ts'
import type { SlackConfig } from './slackConfig.ts'

/** A workspace beside the first. */
export interface OtherWorkspaceParts {
  readonly team: string
  readonly access: SlackAccess
  readonly clients: SlackClients
  readonly reach: Reach
  readonly directory: Directory
  /** Homes of its people, as their keys name them; only the workspace itself until it has said more. */
  readonly tenants: () => readonly string[]
  /** Asks it who we are. @throws WrongToken when the token is of another workspace, or the app is another one */
  connect(): Promise<{ readonly identity: SlackIdentity; readonly directory: SlackDirectory }>
}

/** The first workspace, as far as it has said who we are. */
interface FirstWorkspace {
  readonly identity: () => SlackIdentity | null
  readonly directory: Directory
}

/** What the operator says of them; null in the sandbox. */
type Named = Pick<SlackConfig, 'others' | 'apiUrl'> | null

/** The workspaces that the operator names beside the first, and the people of all of them. */
export function everybody(
  slack: Named,
  by: Parameters<typeof otherWorkspaces>[1],
): { readonly others: readonly OtherWorkspaceParts[]; readonly directories: readonly DirectoryAt[] } {
  const others = otherWorkspaces(slack, by)
  return { others, directories: peopleOf(by.first, others) }
}

function otherWorkspaces(
  slack: Named,
  by: {
    readonly first: FirstWorkspace
    readonly health: Health
    readonly ages: AgeClock
    readonly log: Logger
    readonly metrics?: Metrics | undefined
  },
): readonly OtherWorkspaceParts[] {
  return (slack?.others ?? []).map(({ team, botToken }) => {
    const access = { botToken, apiUrl: slack?.apiUrl ?? null }
    return otherWorkspace(team, access, by)
  })
}

function otherWorkspace(
  team: string,
  access: SlackAccess,
  { first, health, ages, log, metrics }: Parameters<typeof otherWorkspaces>[1],
): OtherWorkspaceParts {
  const reach = createReach(health, team)
  const clients = createClients(access, log, metrics ? { ...reach, ended: metrics.slackCallEnded } : reach)
  const late = lateDirectory()
  return {
    ...{ team, access, clients, reach },
    directory: late.directory,
    tenants: () => tenantsKnown(late.identity()) ?? [team],
    connect: async () => {
      const identity = await whoAmI(clients.clicks)
      refuseOther(identity, { team, first: first.identity() })
      const directory = createDirectory({ client: clients.clicks, identity, team, ages })
      late.arrive(directory, identity)
      return { identity, directory }
    },
  }
}

function refuseOther(
  identity: SlackIdentity,
  { team, first }: { readonly team: string; readonly first: SlackIdentity | null },
) {
  const token = `the token that SLACK_OTHER_WORKSPACES has for ${team}`
  if (identity.teamId !== team)
    throw new WrongToken(`${token} belongs to ${identity.teamId}; put it beside that name`)
  // What is of it would go past the first, and no click would count.
  if (first && team === first.teamId)
    throw new WrongToken(`${token} is of the first workspace; SLACK_OTHER_WORKSPACES names only others`)
  if (first && identity.appId !== first.appId)
    throw new WrongToken(
      `${token} belongs to another app (${identity.appId}); install the same app in both workspaces`,
    )
}

function tenantsKnown(identity: SlackIdentity | null): readonly string[] | null {
  return identity && tenantsOf(identity)
}

function peopleOf(
  first: FirstWorkspace,
  others: readonly OtherWorkspaceParts[],
): readonly [DirectoryAt, ...DirectoryAt[]] {
  const at: DirectoryAt = {
    directory: first.directory,
    has: (addressOrKey) => {
      if (!addressOrKey.startsWith('slack:')) return false
      const workspace = workspaceIn(addressOrKey)
      if (workspace === null) return true
      const known = tenantsKnown(first.identity())
      // Until it has said who we are, whoever may be its own is asked there, and nobody is told that they are not.
      return known ? known.includes(workspace) : !others.some(({ tenants }) => tenants().includes(workspace))
    },
  }
  const beside = others.map(({ directory, tenants }) => ({
    directory,
    has: (addressOrKey: string) => tenants().includes(workspaceIn(addressOrKey) ?? ''),
  }))
  return [at, ...beside]
}
