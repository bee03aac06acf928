import { resolve } from 'node:path'
import type { Pool } from 'undici'
import { addAgent } from '../../src/approvals/people/agents.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { withParts } from '../../src/server/compose.ts'
import { readConfig } from '../../src/server/config.ts'
import { type Agent, agentOver } from '../load/agent.ts'
import { type Child, startChild } from './child.ts'

/** The built server in a process of its own. */
export interface Server {
  readonly pid: number
  readonly url: string
  /** From the command to ready. */
  readonly startSeconds: number
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly port: number
  /** Its working directory: no .env of whoever runs this. */
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
  /** For Node, such as --cpu-prof. */
  readonly nodeArgs?: readonly string[]
}

/** Resolves when it says that it is ready. */
export async function startServer({
  port,
  root,
  environment,
  nodeArgs = [],
}: ServerOptions): Promise<Server> {
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child: Child = startChild({
    command: process.execPath,
    args: [...nodeArgs, resolve('dist/cli/main.js'), 'start'],
    cwd: root,
    env: { ...environment, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' },
  })
  try {
    await child.says(/ready at/)
  } catch (error) {
    await child.stop()
    throw error
  }
  const startSeconds = (performance.now() - began) / 1_000
  return { pid: child.pid, url, startSeconds, stop: () => child.stop() }
}

/** Does something beside a running server, as a command does. */
export function beside<T>(
  { environment, root }: { readonly environment: Readonly<Record<string, string>>; readonly root: string },
  work: (ports: Ports) => Promise<T>,
): Promise<T> {
  const config = readConfig({ ...environment, LOG_LEVEL: 'error' }, `${root}/.env`)
  return withParts(config, ({ ports }) => work(ports))
}

/** Registers agents beside a running server, as if Lee had confirmed each. They share their connections. */
export function addAgents(options: {
  readonly environment: Readonly<Record<string, string>>
  readonly root: string
  readonly names: readonly string[]
  readonly pool: Pool
}): Promise<readonly Agent[]> {
  const { names, pool } = options
  return beside(options, async (asking) => {
    const ports = { ...asking, confirms: false }
    const lee = { address: 'slack:U0LEE' }
    const agents: Agent[] = []
    for (const name of names) {
      const { credential } = await addAgent(ports, { name, owner: lee, by: lee, via: 'cli' })
      agents.push(agentOver(pool, credential))
    }
    return agents
  })
}

/** What it counts, by name and labels as /metrics prints them: `countersign_jobs_due{task="refresh"}`. */
export async function countersOf(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return new Map(
    [...text.matchAll(/^([a-z]\w*(?:\{.*\})?) (\S+)$/gm)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]),
  )
}

/** The sum of all whose name and labels match. */
export function sumOf(counters: ReadonlyMap<string, number>, what: RegExp): number {
  return [...counters].reduce((sum, [name, value]) => (what.test(name) ? sum + value : sum), 0)
}
