/** Everything under `/sandbox/`: the page, what it asks for, and the local Slack and Teams behind it (the tables in wire.ts). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createEventStreams, type EventStreams } from './eventStreams.ts'
import { refusalOf } from './loopback.ts'
import { readMemberAct, readWarehouseLogin } from './memberAct.ts'
import { sendPageFile } from './pageFiles.ts'
import { readBody, sendJson, sendText } from './slack/reply.ts'
import type { LocalSlack } from './slack/server.ts'
import { closeModals } from './slack/views.ts'
import { createTeamsRoutes } from './teams/routes.ts'
import type { LocalTeams } from './teams/server.ts'
import { teamsRoot } from './teams/wire.ts'
import type { Example, SandboxAgent, WarehouseLogin, WarehouseLook } from './wire.ts'
import { sandboxRoot } from './wire.ts'

export interface SandboxOptions {
  readonly slack: LocalSlack
  readonly teams: LocalTeams
  /** Where the built page lies: index.html, app.js, app.css. */
  readonly pageDirectory: string
  /** Agents that are ready, with their keys, and the requests to try. */
  readonly agents: () => Promise<{ agents: readonly SandboxAgent[]; examples: readonly Example[] }>
  /** Logs in to the database that credentials are issued for; null where there is none. */
  readonly warehouse: (login: WarehouseLogin) => Promise<WarehouseLook | null>
  /** What an auditor gets of what happened here. */
  readonly audit: SandboxAudit
}

export interface SandboxAudit {
  /** The report of everything so far, as a page of HTML that says itself what may run in it. */
  report(): Promise<string>
  /** What verifying the ledger comes to, as text. */
  verify(): Promise<string>
}

export interface Sandbox {
  /** Answers any request under `/sandbox/`; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Takes Socket Mode's websocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends the event streams, the local Slack and the local Teams. */
  close(): Promise<void>
}

type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void

/** The sandbox's routes. Only this machine is answered, and no page of another site. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { slack, pageDirectory } = options
  const streams = slackStreams(slack)
  const teams = createTeamsRoutes(options.teams)
  const routes = routesOf(options, streams)

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request.headers)
    if (refusal !== undefined) return sendText(response, 403, refusal)
    const url = new URL(`http://localhost${request.url ?? '/'}`)
    if (url.pathname.startsWith(`${sandboxRoot}slack/`)) return slack.handle(request, response)
    if (url.pathname.startsWith(teamsRoot)) return teams.handle(request, response, url)
    const name = url.pathname.slice(sandboxRoot.length)
    const found = routes[`${request.method} ${name}`]
    if (found !== undefined) return found(request, response, url)
    if (request.method !== 'GET') {
      response.setHeader('allow', 'GET')
      return sendText(response, 405, 'Use GET')
    }
    const file = { directory: pageDirectory, name: name === '' ? 'index.html' : name }
    return sendPageFile(response, request.headers, file)
  }

  return {
    async handle(request, response) {
      try {
        await route(request, response)
      } catch {
        // A body over the limit, or a bug: the page says that the sandbox refused, and stays usable.
        if (!response.headersSent) sendText(response, 500, 'The sandbox could not do this.')
      }
    },
    upgrade: slack.upgrade,
    async close() {
      streams.close()
      await Promise.all([slack.close(), teams.close()])
    },
  }
}

function slackStreams(slack: LocalSlack): EventStreams {
  const { workspace } = slack
  return createEventStreams({
    name: 'Slack',
    problems: slack.problems,
    onChange: workspace.onChange,
    // Ephemeral messages and windows last until the page is loaded again. Slack tells the app nothing when a client
    // goes away with a window open.
    arrived(viewer) {
      workspace.ephemerals.delete(viewer)
      closeModals(workspace, viewer, 'all')
    },
  })
}

function routesOf(
  { slack, teams, agents, warehouse, audit }: SandboxOptions,
  streams: EventStreams,
): Readonly<Record<string, Route>> {
  const fresh = { headers: { 'cache-control': 'no-store' } }
  return {
    'GET snapshot': (_request, response, url) => {
      const snapshot = slack.look(viewerOf(url))
      if (snapshot === undefined) return sendText(response, 404, 'There is no such member.')
      sendJson(response, snapshot, fresh)
    },
    'GET events': (request, response, url) => {
      const viewer = viewerOf(url)
      if (!slack.workspace.members.has(viewer)) return sendText(response, 404, 'There is no such member.')
      streams.open(viewer, request, response)
    },
    'POST act': async (request, response) => {
      const act = isJson(request) ? readMemberAct(await readBody(request)) : undefined
      if (act === undefined) {
        return sendJson(response, { ok: false, error: 'This is not an act.' }, { status: 400 })
      }
      sendJson(response, await slack.act(act))
    },
    'POST warehouse': async (request, response) => {
      const login = isJson(request) ? readWarehouseLogin(await readBody(request)) : undefined
      if (login === undefined) return sendText(response, 400, 'This is no login.')
      const look = await warehouse(login)
      if (look === null) return sendText(response, 404, 'This sandbox has no warehouse.')
      sendJson(response, look, fresh)
    },
    'GET report': async (_request, response) => {
      const page = await audit.report()
      response.writeHead(200, reportHeaders)
      response.end(page)
    },
    'GET verify': async (_request, response) => sendText(response, 200, await audit.verify()),
    'GET agents': async (_request, response) => {
      const people = [...slack.workspace.members.values()].filter((member) => !member.bot)
      const members = people.map(({ id, realName }) => ({ id, name: realName }))
      const inTeams = [...teams.tenant.people.values()].map(({ id, name }) => ({ id, name }))
      sendJson(response, { ...(await agents()), members, teams: inTeams }, fresh)
    },
  }
}

/** What the page cannot say of itself: its own policy stands in it. */
const reportHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

function viewerOf(url: URL): string {
  return url.searchParams.get('as') ?? ''
}

/** A form or plain text could be posted by any page without asking; JSON cannot. */
function isJson(request: IncomingMessage): boolean {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim() === 'application/json'
}
