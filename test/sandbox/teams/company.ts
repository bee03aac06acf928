import { onTestFinished } from 'vitest'
import { acmeTeams, teamsChannels, teamsIds } from '../../../src/sandbox/teams/seed.ts'
import {
  createLocalTeams,
  type LocalTeams,
  type LocalTeamsOptions,
} from '../../../src/sandbox/teams/server.ts'
import { patience } from '../../support/eventually.ts'

export const secret = 'local-teams-secret-0123456789'

/** A local Teams that listens on loopback until the test is over. */
export async function openTeams(different: Partial<LocalTeamsOptions> = {}): Promise<LocalTeams> {
  const teams = createLocalTeams({
    origin: 'http://127.0.0.1:0',
    appUrl: 'http://127.0.0.1:1/',
    secret,
    seed: acmeTeams,
    now: Date.now,
    ackMs: patience,
    ...different,
  })
  await teams.listen()
  onTestFinished(() => teams.close())
  return teams
}

/** Asks for a token as an app does. */
export async function askToken(
  teams: LocalTeams,
  different: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const answer = await fetch(`${teams.services.login}/${teamsIds.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: teamsIds.app,
      client_secret: secret,
      scope: 'https://api.botframework.com/.default',
      ...different,
    }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

export async function tokenFor(
  teams: LocalTeams,
  scope: 'connector' | 'graph' = 'connector',
): Promise<string> {
  const asked = scope === 'graph' ? { scope: 'https://graph.microsoft.com/.default' } : {}
  return String((await askToken(teams, asked)).body.access_token)
}

export interface Said {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** A call of the connector or of Graph, with a token. `path` is below `/v3/` or `/v1.0/`. */
export async function call(
  teams: LocalTeams,
  service: 'connector' | 'graph',
  asked: {
    readonly method?: string
    readonly path: string
    readonly body?: unknown
    readonly token?: string
  },
): Promise<Said> {
  const base = service === 'graph' ? `${teams.services.graph}/v1.0` : `${teams.services.connector}/v3`
  const token = asked.token ?? (await tokenFor(teams, service))
  const answer = await fetch(`${base}/${asked.path}`, {
    method: asked.method ?? (asked.body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
  })
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  }
}

/** Posts a card into a channel; resolves to where it stands. */
export async function postCard(teams: LocalTeams, card: unknown, conversation: string = teamsChannels.data) {
  const path = `conversations/${encodeURIComponent(conversation)}/activities`
  const { body, status } = await call(teams, 'connector', { path, body: cardMessage(card) })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return { conversation, message: String(body.id) }
}

export function cardMessage(content: unknown) {
  return {
    type: 'message',
    summary: 'Approval needed',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  }
}

/** A card as an app posts it: a text, a button, one that opens a dialog. */
export function sampleCard(different: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'TextBlock', text: 'Approval needed', wrap: true }],
    actions: [
      { type: 'Action.Execute', title: 'Confirm', verb: 'confirm', data: { value: 'r1' } },
      {
        type: 'Action.Submit',
        title: 'Approve',
        data: { msteams: { type: 'task/fetch' }, open: 'approve', value: 'r1' },
      },
    ],
    ...different,
  }
}
