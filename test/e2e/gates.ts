import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { expect, onTestFinished } from 'vitest'
import type { Json } from '../../src/core/json.ts'

/** What stands before something that a grant is needed for: where it is, and what it is started with. */
export interface Site {
  readonly countersign: string
  readonly issuer: string
  readonly audience: string
  readonly resourceKey: string
}

/** One that runs: what comes with a token is let through, or refused with a status. */
export interface Gate {
  readonly call: (come: Coming) => Promise<number>
}

/** Somebody comes with a token and says what they are about to do. */
export interface Coming {
  readonly token: string
  readonly action: Json
  readonly digest: string
}

/** A program of others, by what it is called here. */
export interface Program {
  readonly name: string
  /** What Debian calls it. */
  readonly packages: string
  readonly isThere: () => boolean
  readonly start: (site: Site) => Promise<Gate>
}

const folder = 'deploy/verifiers'
const certificate = (name: string) => readFileSync(join('test/store/certificate', name))
const python = '/usr/bin/python3'

export const programs: readonly Program[] = [
  {
    name: 'nginx',
    packages: 'nginx-light',
    isThere: () => existsSync('/usr/sbin/nginx'),
    start: startNginx,
  },
  {
    name: 'HAProxy',
    packages: 'haproxy',
    isThere: () => existsSync('/usr/sbin/haproxy'),
    start: (site) => startHaproxy(site),
  },
  {
    name: 'Apache with mod_auth_openidc',
    packages: 'apache2 libapache2-mod-auth-openidc',
    isThere: () => existsSync(`${apacheModules}/mod_auth_openidc.so`),
    start: startApache,
  },
  {
    name: 'a service in Python with PyJWT',
    packages: 'python3-jwt python3-cryptography',
    isThere: () => spawnSync(python, ['-c', 'import jwt, cryptography']).status === 0,
    start: startPython,
  },
  { name: 'a service in TypeScript with jose', packages: '', isThere: () => true, start: startTypescript },
]

async function startNginx({ countersign, resourceKey }: Site): Promise<Gate> {
  const [home, port, upstream] = [temporary(), await freePort(), await startUpstream()]
  const values = {
    LISTEN: `127.0.0.1:${port}`,
    UPSTREAM: upstream.url,
    COUNTERSIGN: countersign,
    RESOURCE_KEY: resourceKey,
  }
  // As envsubst does.
  const site = Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(`\${${name}}`, value),
    readFileSync(join(folder, 'nginx.conf'), 'utf8'),
  )
  writeFileSync(join(home, 'gate.conf'), site)
  writeFileSync(
    join(home, 'nginx.conf'),
    `pid ${home}/pid; error_log ${home}/log; events {} http { access_log off; include ${home}/gate.conf; }`,
  )
  await run('/usr/sbin/nginx', ['-p', home, '-c', join(home, 'nginx.conf'), '-g', 'daemon off;'], { port })
  const headersOf = ({ token, digest }: Coming) => ({
    'countersign-grant': token,
    'countersign-digest': digest,
  })
  return proxied(upstream, port, headersOf)
}

/** `without`: lines that are left out, to see what they are for. */
export async function startHaproxy(
  { countersign, issuer, audience }: Site,
  without: RegExp | null = null,
): Promise<Gate> {
  const [keys, port, upstream] = [temporary(), await freePort(), await startUpstream()]
  const fetched = spawn(process.execPath, [join(folder, 'haproxy-keys.mjs'), countersign, keys])
  expect(await once(fetched, 'exit')).toEqual([0, null])
  const environment = {
    LISTEN: `127.0.0.1:${port}`,
    UPSTREAM: new URL(upstream.url).host,
    ISSUER: issuer,
    AUDIENCE: audience,
    KEYS: keys,
  }
  const lines = readFileSync(join(folder, 'haproxy.cfg'), 'utf8').split('\n')
  const file = join(keys, 'haproxy.cfg')
  writeFileSync(file, lines.filter((line) => !without?.test(line)).join('\n'))
  await run('/usr/sbin/haproxy', ['-db', '-f', file], { port, environment })
  return proxied(upstream, port, bearing)
}

const apacheModules = '/usr/lib/apache2/modules'
/** What Debian loads, as far as it is needed. */
const modules = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'proxy',
  'proxy_http',
  'auth_openidc',
] as const

async function startApache({ countersign, issuer, audience }: Site): Promise<Gate> {
  const [home, port, upstream] = [temporary(), await freePort(), await startUpstream()]
  const published = await startTls(countersign)
  writeFileSync(
    join(home, 'apache2.conf'),
    [
      `ServerRoot ${home}`,
      `PidFile ${home}/pid`,
      `ErrorLog ${home}/log`,
      'ServerName localhost',
      'User www-data',
      'Group www-data',
      ...modules.map((name) => `LoadModule ${name}_module ${apacheModules}/mod_${name}.so`),
      `Listen 127.0.0.1:${port}`,
      `OIDCCABundlePath ${join(process.cwd(), 'test/store/certificate/localhost.pem')}`,
      `Include ${join(process.cwd(), folder, 'apache.conf')}`,
    ].join('\n'),
  )
  const environment = {
    LISTEN: `127.0.0.1:${port}`,
    UPSTREAM: upstream.url,
    COUNTERSIGN: published,
    ISSUER: issuer,
    AUDIENCE: audience,
  }
  await run('/usr/sbin/apache2', ['-f', join(home, 'apache2.conf'), '-DFOREGROUND'], { port, environment })
  return proxied(upstream, port, bearing)
}

async function startPython(site: Site): Promise<Gate> {
  const port = await freePort()
  await run(python, [join(folder, 'service.py')], { port, environment: environmentOf(site, port) })
  return served(port)
}

async function startTypescript(site: Site): Promise<Gate> {
  const port = await freePort()
  const { code } = await transform(readFileSync(join(folder, 'service.ts'), 'utf8'), {
    loader: 'ts',
    format: 'esm',
  })
  mkdirSync('test-results', { recursive: true })
  const file = join('test-results', `service-${port}.mjs`) // beside the modules that it imports
  writeFileSync(file, code)
  onTestFinished(() => rmSync(file))
  await run(process.execPath, [file], { port, environment: environmentOf(site, port) })
  return served(port)
}

function environmentOf({ countersign, issuer, audience, resourceKey }: Site, port: number) {
  return {
    COUNTERSIGN: countersign,
    ISSUER: issuer,
    AUDIENCE: audience,
    RESOURCE_KEY: resourceKey,
    PORT: String(port),
  }
}

const bearing = ({ token, digest }: Coming) => ({
  authorization: `Bearer ${token}`,
  'countersign-digest': digest,
})

/** A gate before an upstream: what got through is what the upstream has seen, whatever the status says. */
function proxied(
  upstream: Upstream,
  port: number,
  headersOf: (come: Coming) => Record<string, string>,
): Gate {
  return {
    async call(come) {
      const before = upstream.seen()
      const { status } = await fetch(`http://127.0.0.1:${port}/`, { headers: headersOf(come) })
      expect(upstream.seen() - before, `${status} and the upstream`).toBe(status === 200 ? 1 : 0)
      return status
    },
  }
}

function served(port: number): Gate {
  return {
    async call({ token, action }) {
      const headers = { authorization: `Bearer ${token}` }
      const body = JSON.stringify(action)
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })).status
    },
  }
}

/** A program that ends with the test; resolves when it listens. */
async function run(
  command: string,
  args: readonly string[],
  { port, environment = {} }: { readonly port: number; readonly environment?: Record<string, string> },
): Promise<void> {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...environment }, stdio: 'pipe' })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill()
    await ended
  })
  const standing = async () => {
    if (child.exitCode !== null) return `${command} ended with ${child.exitCode}: ${said}`
    return (await listens(port)) ? 'it listens' : 'not yet'
  }
  await expect.poll(standing).not.toBe('not yet')
  expect(await standing()).toBe('it listens')
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}

interface Upstream {
  readonly url: string
  readonly seen: () => number
}

async function startUpstream(): Promise<Upstream> {
  let seen = 0
  const port = await listening(
    createServer((_, answer) => {
      seen += 1
      answer.end('done')
    }),
  )
  return { url: `http://127.0.0.1:${port}`, seen: () => seen }
}

/** The published documents over https, as a proxy before Countersign gives them. Resolves to their address. */
async function startTls(countersign: string): Promise<string> {
  const pass = async ({ url = '' }: IncomingMessage, answer: ServerResponse) => {
    const reply = await fetch(countersign + url)
    answer.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text())
  }
  const tls = { cert: certificate('localhost.pem'), key: certificate('localhost.key.pem') }
  return `https://localhost:${await listening(createTlsServer(tls, (call, answer) => void pass(call, answer)))}`
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port // it listens on TCP
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A folder that programs can enter which give up being root. */
function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'countersign-gate-'))
  chmodSync(path, 0o755)
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}
