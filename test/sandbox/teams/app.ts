import { createServer, type IncomingHttpHeaders } from 'node:http'
import { onTestFinished } from 'vitest'
import type { LocalTeams } from '../../../src/sandbox/teams/server.ts'

/** What reached the app. */
export interface Arrived {
  readonly headers: IncomingHttpHeaders
  readonly activity: Readonly<Record<string, unknown>>
}

export interface Answered {
  readonly status?: number
  readonly body?: unknown
}

/** An app of a few lines, which `teams` now delivers to; it stops when the test is over. */
export async function runTeamsApp(
  teams: LocalTeams,
  answer: (arrived: Arrived, nth: number) => Answered | Promise<Answered>,
): Promise<readonly Arrived[]> {
  const arrived: Arrived[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const one = { headers: request.headers, activity: JSON.parse(Buffer.concat(chunks).toString()) }
    arrived.push(one)
    const { status = 200, body } = await answer(one, arrived.length)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  teams.deliverTo(`http://127.0.0.1:${port}/api/messages`)
  return arrived
}
