import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import { isSettled } from '../../src/core/lifecycle.ts'
import { type Config, readConfig } from '../../src/server/config.ts'
import { type RunningServer, startServer } from '../../src/server/start.ts'

/** A server as `countersign start` runs it, in this process, stopped when the test ends. */
export interface Served extends RunningServer {
  readonly config: Config
  /** Everything it logged, as parsed lines. */
  readonly logged: readonly Logged[]
}

export interface Logged {
  readonly level: number
  readonly msg: string
  readonly [fact: string]: unknown
}

/** An empty directory, removed when the test ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'countersign-served-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The configuration that an environment like this one gives: nothing of the caller's, no `.env`, any free port. */
export function configOf(environment: Readonly<Record<string, string>>): Config {
  return readConfig({ PORT: '0', HOST: '127.0.0.1', ...environment }, '/nowhere/.env')
}

export async function serve(
  environment: Readonly<Record<string, string>>,
  by: { readonly shadowProgram?: URL } = {},
): Promise<Served> {
  const config = configOf(environment)
  const { log, logged } = listeningLog()
  const server = await startServer(config, log, by)
  onTestFinished(() => server.stop())
  return { ...server, config, logged }
}

/** On a busy machine a server may be up before Slack has answered it; what would ask people is refused until then. */
export async function reachesEverything(...servers: readonly Served[]): Promise<void> {
  for (const { url } of servers)
    await expect.poll(async () => (await fetch(`${url}/readyz?strict`)).status).toBe(200)
}

/** A log that a test can read. */
export function listeningLog(): { readonly log: Logger; readonly logged: readonly Logged[] } {
  const logged: Logged[] = []
  return { log: pino({ base: {} }, { write: (line) => void logged.push(JSON.parse(line)) }), logged }
}

/** What an agent hears. */
export interface Heard {
  readonly status: number
  readonly id: string
  readonly state: string
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** A body of an export that a data owner and Security decide on, by the policy that ships. */
export const exportBody = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { table: 'users', rows: 10, columns: ['id'], destination: 's3://acme-lake-in/x' },
  environment: 'prod',
  initiator: { email: 'alice@acme.test' },
} as const

/** The same outside production, which the policy that ships allows. */
export const allowedBody = {
  ...exportBody,
  action: 'repo.read',
  resource: { type: 'repository', id: 'acme/site' },
  params: { repo: 'acme/site' },
} as const

/** A body of a rollback that release managers and platform leads decide on. */
export const rollbackBody = {
  ...exportBody,
  action: 'deploy.rollback',
  resource: { type: 'service', id: 'checkout' },
  params: { service: 'checkout', version: '1.2.3' },
} as const

/** One agent with its key. It asks one server at a time. */
export function agentWith(key: string) {
  const call = async (url: string, init: RequestInit = {}): Promise<Heard> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers }
    const response = await fetch(url, { ...init, headers })
    const body = JSON.parse(await response.text())
    return {
      status: response.status,
      id: String(body.id),
      state: String(body.state),
      headers: response.headers,
      body,
    }
  }
  return {
    ask: (url: string, body: unknown, headers: Record<string, string> = {}) =>
      call(`${url}/v1/requests`, { method: 'POST', body: JSON.stringify(body), headers }),
    /** Answered when the request is settled, or after so many seconds. */
    wait: (url: string, id: string, seconds: number) =>
      call(`${url}/v1/requests/${id}`, { headers: { prefer: `wait=${seconds}` } }),
    isSettled: async (url: string, id: string) => {
      const { state } = await call(`${url}/v1/requests/${id}`)
      return isSettled(state as Parameters<typeof isSettled>[0]) // the API's states are the lifecycle's
    },
    cancel: (url: string, id: string) =>
      call(`${url}/v1/requests/${id}/cancel`, { method: 'POST', body: '{}' }),
  }
}
