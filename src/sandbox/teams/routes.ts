/** What the page asks of the local Teams, beside what the app asks of it (the table in wire.ts). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createEventStreams } from '../eventStreams.ts'
import { readBody, sendJson, sendText } from '../slack/reply.ts'
import { readTeamsAct } from './readAct.ts'
import type { LocalTeams } from './server.ts'
import { teamsRoot } from './wire.ts'

export interface TeamsRoutes {
  /** Answers any request under `/sandbox/teams/`, whose caller is of this machine. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>
  close(): Promise<void>
}

const nobody = 'There is nobody with this id.'

export function createTeamsRoutes(teams: LocalTeams): TeamsRoutes {
  const { tenant } = teams
  const streams = createEventStreams({
    name: 'Teams',
    problems: teams.problems,
    onChange: tenant.onChange,
    // A dialog is gone when its client goes away, and nobody tells the app.
    arrived: (viewer) => void tenant.dialogs.delete(viewer),
  })
  return {
    async handle(request, response, url) {
      const viewer = url.searchParams.get('as') ?? ''
      switch (`${request.method} ${url.pathname.slice(teamsRoot.length)}`) {
        case 'GET snapshot': {
          const snapshot = teams.look(viewer)
          if (snapshot === undefined) return sendText(response, 404, nobody)
          return sendJson(response, snapshot, { headers: { 'cache-control': 'no-store' } })
        }
        case 'GET events':
          if (!tenant.people.has(viewer)) return sendText(response, 404, nobody)
          return streams.open(viewer, request, response)
        case 'POST act':
          return sendAct(teams, request, response)
        default:
          if (!(await teams.handle(request, response))) sendText(response, 404, 'Not found')
      }
    },
    close() {
      streams.close()
      return teams.close()
    },
  }
}

async function sendAct(teams: LocalTeams, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A form or plain text could be posted by any page without asking; JSON cannot.
  const isJson = (request.headers['content-type'] ?? '').split(';')[0]?.trim() === 'application/json'
  const act = isJson ? readTeamsAct(await readBody(request)) : undefined
  if (act === undefined)
    return sendJson(response, { ok: false, error: 'This is not an act.' }, { status: 400 })
  sendJson(response, await teams.act(act))
}
