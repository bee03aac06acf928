import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { acmeTeams, teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { createLocalTeams, type LocalTeams } from '../../src/sandbox/teams/server.ts'
import { patience } from '../support/eventually.ts'
import { temporaryDirectory } from './serve.ts'

/** A tenant somewhere else, and the environment of a server that is connected to it. */
export interface OpenedTenant {
  readonly teams: LocalTeams
  readonly environment: Readonly<Record<string, string>>
  /** The activities of Teams go to this server from now on. */
  deliverTo(url: string): void
}

const secret = 'local-teams-secret-0123456789'

/** Teams without its pace of posting, which would only make the tests wait. */
export async function openTenant(): Promise<OpenedTenant> {
  const teams = createLocalTeams({
    ...{ origin: 'http://127.0.0.1:0', appUrl: 'http://127.0.0.1:1/', secret, seed: acmeTeams },
    ...{ now: Date.now, ackMs: patience, rateLimits: 'none' },
  })
  await teams.listen()
  onTestFinished(() => teams.close())
  const { connector, login, graph, keys, issuer } = teams.services
  return {
    teams,
    environment: {
      TEAMS_APP_ID: teamsIds.app,
      TEAMS_TENANT_ID: teamsIds.tenant,
      TEAMS_APP_PASSWORD: secret,
      TEAMS_SERVICE_URL: connector,
      TEAMS_LOGIN_URL: login,
      TEAMS_GRAPH_URL: graph,
      TEAMS_KEYS_URL: keys,
      TEAMS_ISSUER: issuer,
    },
    deliverTo: (url) => teams.deliverTo(`${url}/api/messages`),
  }
}

const inTeams: Readonly<Record<string, string>> = {
  S0PLATFORM: teamsIds.platformLeads,
  S0SECURITY: teamsIds.security,
  S0DATA: teamsIds.dataOwners,
  S0IAM: teamsIds.iamAdmins,
  S0RELEASE: teamsIds.releaseManagers,
  S0INCIDENT: teamsIds.incidentCommanders,
  U0OMAR: teamsIds.omar,
  U0SAM: teamsIds.sam,
  C0APPROVALS: teamsChannels.approvals,
  C0DATA: teamsChannels.data,
  C0SECURITY: teamsChannels.security,
  C0DEPLOYS: teamsChannels.deploys,
}
const keys: Readonly<Record<string, string>> = {
  slack_usergroup: 'entra_group',
  slack_user: 'entra_user',
  slack_channel: 'teams_channel',
}

/** The policy that ships, with the people and channels of Teams in the places of Slack's. */
export function policyForTeams(): string {
  const directory = temporaryDirectory()
  cpSync('policies', directory, { recursive: true })
  const file = join(directory, 'bundle.yaml')
  const text = readFileSync(file, 'utf8').replace(
    /\{(slack_\w+): (\w+)\}/g,
    (_, key, id) => `{${keys[key]}: "${inTeams[id]}"}`,
  )
  writeFileSync(file, text)
  return directory
}
