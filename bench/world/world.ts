import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import type { Closers } from '../../src/lifetime/closers.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import type { Log } from '../../src/store/log.ts'
import type { Agent } from '../load/agent.ts'
import type { Parts } from '../machine/meter.ts'
import { familyOf } from '../machine/processes.ts'
import { type Company, openCompany } from './company.ts'
import { freePort } from './freePort.ts'
import { writePolicy } from './policy.ts'
import { addAgents, type Server, startServer } from './server.ts'

/** The product with a database and a Slack of its own, in a directory that is thrown away. */
export interface World {
  readonly root: string
  /** What the server was started with. */
  readonly environment: Readonly<Record<string, string>>
  readonly company: Company
  readonly server: Server
  /** The first start, which made the database, when there was one before this. */
  readonly firstStart: Server
  readonly database: { readonly pid: number; readonly url: string }
  /** The processes of server and database. */
  readonly parts: Parts & Record<'server' | 'database', () => readonly number[]>
  addAgents(count: number): Promise<readonly Agent[]>
  /** Everything of it is ended, before the bench ends. */
  close(): Promise<void>
}

export interface WorldOptions {
  readonly closers: Closers
  readonly pace?: 'none' | 'Slack’s'
  /** Stops the server once and starts it again: nothing of making the database is in what is measured then. */
  readonly again?: boolean
  readonly nodeArgs?: (root: string) => readonly string[]
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** Starts it piece by piece; whatever has begun is ended by `closers` at the latest. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { pace = 'none', again = false, nodeArgs = () => [] } = options
  const { begun, close } = closing(options.closers)
  const root = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  chmodSync(root, 0o711) // PostgreSQL's own user has to pass when this runs as root
  begun('files', () => rmSync(root, { recursive: true, force: true }))
  const port = await freePort()
  const company = await openCompany(`http://127.0.0.1:${port}`, pace)
  begun('Slack', () => company.close())
  writePolicy(join(root, 'policies'))
  const environment = {
    ...company.environment,
    DATA_DIR: join(root, 'data'),
    POLICY_DIR: join(root, 'policies'),
  }
  const start = async () => {
    const server = await startServer({ port, root, environment, nodeArgs: nodeArgs(root) })
    begun('server', () => server.stop())
    return server
  }
  const firstStart = await start()
  if (again) await firstStart.stop()
  const server = again ? await start() : firstStart
  const { pid, migrateUrl: url } = await startEmbedded({
    dataDir: environment.DATA_DIR,
    log: quiet,
    beside: true,
  })
  const pool = new Pool(server.url, { connections: 256, headersTimeout: 120_000, bodyTimeout: 120_000 })
  begun('connections', () => pool.destroy())
  const names = counting('bench')
  return {
    root,
    environment,
    company,
    server,
    firstStart,
    database: { pid, url },
    parts: { server: () => [server.pid], database: () => familyOf(pid) },
    addAgents: (count) => addAgents({ environment, root, names: names(count), pool }),
    close,
  }
}

/** What is begun is ended together, in reverse order, and only once: by whoever asks first, or when the bench ends. */
function closing(closers: Closers) {
  const open: (() => unknown)[] = []
  const end = async () => {
    for (let one = open.pop(); one; one = open.pop()) await one()
  }
  return {
    begun(what: string, stop: () => unknown) {
      open.push(stop)
      closers.add(what, end, 60_000)
    },
    close: end,
  }
}

/** New names each time. */
function counting(prefix: string): (count: number) => readonly string[] {
  let last = 0
  return (count) =>
    Array.from({ length: count }, () => {
      last += 1
      return `${prefix}-${last}`
    })
}
