import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Pool } from 'undici'
import type { Closers } from '../../src/lifetime/closers.ts'
import type { Work } from '../load/atOnce.ts'
import { programOf, startChild } from '../world/child.ts'
import { freePort } from '../world/freePort.ts'

/** Restate, durable as it comes, with the service of restateService.ts. */
export interface RestateCeiling {
  /** Of the server and of the service. */
  readonly pids: readonly number[]
  /** One approval: asked for, its card seen, resolved, heard. */
  readonly cycle: Work
}

export interface Running {
  readonly closers: Closers
  readonly stopping: AbortSignal
  readonly say: (text: string) => void
}

const directory = resolve('bench/restate')

/** Resolves to why not, when it cannot be had or run here. */
export async function startRestate(running: Running): Promise<RestateCeiling | string> {
  try {
    await install(running)
    return await start(running.closers)
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return `no Restate here: ${first.slice(0, 120)}`
  }
}

/** Milliseconds. */
const patience = { install: 300_000, ready: 30_000 } as const

/** Exactly what the lock says; no script of a package is run. */
async function install({ stopping, say }: Running): Promise<void> {
  if (existsSync(join(directory, 'node_modules/@restatedev/restate-server'))) return
  say('installing Restate into bench/restate (about 225 MB, once)')
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: directory,
    signal: stopping,
    timeout: patience.install,
  })
}

async function start(closers: Closers): Promise<RestateCeiling> {
  const require = createRequire(join(directory, 'package.json'))
  const binary = require.resolve(
    `@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`,
  )
  const [node, ingress, admin, port] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const root = mkdtempSync(join(tmpdir(), 'countersign-bench-restate-'))
  closers.add('files', () => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'restate.toml'), configuration({ root, node, ingress, admin }))

  const cards = createCards()
  const service = startChild({
    command: process.execPath,
    args: [programOf('restateService'), directory, String(port)],
    env: { RESTATE_LOGGING: 'ERROR' },
    hears: cards.hears,
  })
  closers.add("Restate's service", () => service.stop())
  await service.says(/serving/)
  const server = startChild({
    command: binary,
    args: ['--no-logo', '-c', join(root, 'restate.toml')],
    cwd: root,
  })
  closers.add('Restate', () => server.stop())
  await Promise.race([registered(admin, port), server.says(/(?!)/)])
  const pool = new Pool(`http://127.0.0.1:${ingress}`, { connections: 256 })
  closers.add('connections', () => pool.destroy())
  return { pids: [server.pid, service.pid], cycle: cycleOver(pool, cards) }
}

/** As it comes, on loopback: a write is on disk before it counts. */
function configuration(at: { root: string; node: number; ingress: number; admin: number }): string {
  return `base-dir = ${JSON.stringify(join(at.root, 'data'))}
node-name = "bench"
listen-mode = "tcp"
disable-telemetry = true
log-filter = "error"
bind-address = "127.0.0.1:${at.node}"
advertised-address = "http://127.0.0.1:${at.node}"
[ingress]
bind-address = "127.0.0.1:${at.ingress}"
[admin]
bind-address = "127.0.0.1:${at.admin}"
disable-web-ui = true
`
}

/** Tells the server where the service is, as soon as it listens. */
async function registered(admin: number, port: number): Promise<void> {
  for (const until = performance.now() + patience.ready; ; await delay(100)) {
    const answer = await fetch(`http://127.0.0.1:${admin}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
    }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    if (!(answer instanceof Error) && answer.ok) return
    if (performance.now() > until)
      throw answer instanceof Error ? answer : new Error(`its admin answered ${answer.status}`)
  }
}

/** Cards as the service prints them: `card KEY AWAKEABLE`. */
function createCards() {
  const waiting = new Map<string, (awakeable: string) => void>()
  return {
    hears(line: string) {
      const [, key = '', awakeable = ''] = /^card (\S+) (\S+)$/.exec(line) ?? []
      waiting.get(key)?.(awakeable)
      waiting.delete(key)
    },
    card: (key: string) => new Promise<string>((resolve) => waiting.set(key, resolve)),
  }
}

function cycleOver(pool: Pool, { card }: ReturnType<typeof createCards>): Work {
  const headers = { 'content-type': 'application/json' }
  return async (n) => {
    const key = `req-${n}-${Math.round(performance.now() * 1_000)}`
    const shown = card(key)
    const heard = pool.request({ method: 'POST', path: `/approval/${key}/ask`, headers })
    const awakeable = await Promise.race([shown, heard.then(() => null)])
    if (awakeable === null) return `Restate answered ${(await heard).statusCode} before it was resolved`
    const clicked = await pool.request({
      method: 'POST',
      path: `/restate/awakeables/${awakeable}/resolve`,
      headers,
      body: '"approved"',
    })
    await clicked.body.dump()
    const answer = await heard
    const text = await answer.body.text()
    return text === '"approved"' ? undefined : `Restate answered ${answer.statusCode} ${text.slice(0, 100)}`
  }
}
