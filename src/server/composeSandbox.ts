import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { examples } from '../sandbox/examples.ts'
import { keepFile } from '../sandbox/keepFile.ts'
import { createSandbox, type SandboxAudit } from '../sandbox/routes.ts'
import { acme, sandboxScopes } from '../sandbox/seed.ts'
import { keptSlack } from '../sandbox/slack/keep.ts'
import { createLocalSlack } from '../sandbox/slack/server.ts'
import { keptTeams } from '../sandbox/teams/keep.ts'
import { acmeTeams } from '../sandbox/teams/seed.ts'
import { createLocalTeams, type LocalTeams } from '../sandbox/teams/server.ts'
import { type SandboxAgent, sandboxRoot } from '../sandbox/wire.ts'
import type { SlackMode } from '../slack/app.ts'
import type { SlackAccess } from '../slack/outbound/clients.ts'
import type { TeamsAccess, TeamsCredential } from '../teams/access.ts'
import type { SandboxWarehouse } from './sandboxWarehouse.ts'

/** The local Slack, the local Teams and their page, ready to be mounted, and how the product reaches them. */
export interface SandboxParts {
  readonly access: SlackAccess & { readonly apiUrl: string }
  readonly mode: SlackMode
  readonly teams: AccessBySecret
  handle(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** The agents that the page's side panel plays, once they exist, the database that they can be let into, and what an auditor gets. */
  offer(agents: readonly SandboxAgent[], beside: Beside): void
  close(): Promise<void>
}

type AccessBySecret = TeamsAccess & { readonly credential: Extract<TeamsCredential, { kind: 'secret' }> }

/** What the page shows of the product besides its channels. */
interface Beside {
  readonly warehouse: SandboxWarehouse | null
  readonly audit: SandboxAudit
}

/** The built page; the same from `src/` and from `dist/`. */
const pageDirectory = fileURLToPath(new URL('../../dist/sandbox/page', import.meta.url))

const notYet = 'The sandbox is still starting.'

/** Whoever has left had agents registered before, and a registration wants people who are there. */
const left = acme.members.filter((member) => member.deleted)
const beforeTheyLeft = { ...acme, members: acme.members.map((member) => ({ ...member, deleted: false })) }

/** Tokens are new with each start: nothing outside this process has to know them. */
export function composeSandbox(
  origin: string,
  options: { readonly dataDir: string; readonly log: Logger },
): SandboxParts {
  const { slack, access, mode } = localSlack(origin)
  const { teams, access: teamsAccess } = localTeams(origin)
  const cannotKeep = (error: unknown) =>
    options.log.warn({ err: error }, 'the sandbox cannot keep its messages')
  const keeping = [
    keepFile(keptSlack(slack.workspace), join(options.dataDir, 'sandbox-slack.json'), cannotKeep),
    keepFile(keptTeams(teams.tenant), join(options.dataDir, 'sandbox-teams.json'), cannotKeep),
  ]
  let offered: readonly SandboxAgent[] = []
  let beside: Beside | null = null
  const sandbox = createSandbox({
    slack,
    teams,
    pageDirectory,
    agents: async () => ({ agents: offered, examples }),
    warehouse: async (login) => (beside?.warehouse ? beside.warehouse.look(login) : null),
    audit: {
      report: async () => (beside ? beside.audit.report() : notYet),
      verify: async () => (beside ? beside.audit.verify() : notYet),
    },
  })
  return {
    access,
    mode,
    teams: teamsAccess,
    handle: (request, response) => void sandbox.handle(request, response),
    upgrade: (request, socket, head) => sandbox.upgrade(request, socket, head),
    offer: (agents, made) => {
      for (const { id } of left) slack.directory.changeMember(id, { deleted: true })
      offered = agents
      beside = made
    },
    close: async () => {
      for (const stop of keeping) stop()
      await sandbox.close()
    },
  }
}

function localSlack(origin: string) {
  const signingSecret = randomBytes(16).toString('hex')
  const botToken = `xoxb-sandbox-${randomBytes(16).toString('hex')}`
  const slack = createLocalSlack({
    origin,
    delivery: { mode: 'http', url: `${origin}/slack/events`, signingSecret },
    botToken,
    appToken: `xapp-sandbox-${randomBytes(16).toString('hex')}`,
    scopes: sandboxScopes,
    seed: beforeTheyLeft,
    now: Date.now,
  })
  const access = { botToken, apiUrl: `${origin}${sandboxRoot}slack/api/` }
  return { slack, access, mode: { kind: 'http' as const, signingSecret } }
}

function localTeams(origin: string): { readonly teams: LocalTeams; readonly access: AccessBySecret } {
  const secret = randomBytes(24).toString('base64url')
  const appUrl = `${origin}/api/messages`
  const teams = createLocalTeams({ origin, appUrl, secret, seed: acmeTeams, now: Date.now })
  const { app, id: tenant } = teams.tenant
  const access = {
    appId: app.id,
    tenant,
    credential: { kind: 'secret' as const, secret },
    services: teams.services,
  }
  return { teams, access }
}
