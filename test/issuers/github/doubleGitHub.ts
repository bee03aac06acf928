import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jwtVerify } from 'jose'
import { onTestFinished } from 'vitest'
import type { CredentialIssuer } from '../../../src/approvals/leases/issuer.ts'
import type { Action } from '../../../src/core/action.ts'
import { readTargets } from '../../../src/issuers/readTargets.ts'

/**
 * What the next call meets, once. `deaf`: it is cut off before anything happens. `late`: after it has. `slow`: it is never answered.
 * `foreign`: another's page with status 200. A number: GitHub's answer with this status, whose text repeats what was sent.
 * `limited`: it was asked too often. `out of calls`: the same by its older headers.
 */
export type Meeting = 'fine' | 'deaf' | 'late' | 'slow' | 'foreign' | 'limited' | 'out of calls' | number

interface Given {
  readonly repositories: readonly string[]
  readonly permissions: Readonly<Record<string, string>>
}

const appOfTest = { app: 'Iv23liTest', installation: 4711, owner: 'acme' } as const

const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 })

/** GitHub as far as it is used here: it believes only tokens that the App's key has signed, for at most ten minutes, by its own clock. */
export async function doubleGitHub() {
  const asked: { readonly line: string; readonly called: string; readonly body: unknown }[] = []
  const next: Meeting[] = []
  const given = new Map<string, Given>()
  const state = {
    next,
    asked,
    /** By token: what it opens. */
    given,
    /** Seconds that its clock is ahead of ours. */
    ahead: 0,
    /** What the owner has let the App have. */
    installed: { contents: 'write', issues: 'write', metadata: 'read' } as Readonly<Record<string, string>>,
    repositories: ['website', 'billing'] as readonly string[],
    login: appOfTest.owner as string,
    suspendedAt: null as string | null,
    /** Changes the answer that has a token. */
    answers: (fine: Record<string, unknown>): unknown => fine,
  }
  let tokens = 0
  const now = () => Date.now() + state.ahead * 1_000

  const isApp = async (request: IncomingMessage): Promise<boolean> => {
    try {
      const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
      const { payload } = await jwtVerify(token, keys.publicKey, {
        algorithms: ['RS256'],
        issuer: appOfTest.app,
        currentDate: new Date(now()),
        requiredClaims: ['iat', 'exp', 'iss'],
      })
      const { iat = 0, exp = 0 } = payload
      return iat <= now() / 1_000 && exp <= now() / 1_000 + 600
    } catch {
      return false
    }
  }

  const make = (body: unknown): readonly [number, unknown] => {
    const { repositories = state.repositories, permissions = state.installed } = body as Partial<Given> // what a test sends
    const isInstalled =
      repositories.every((name) => state.repositories.includes(name)) &&
      Object.entries(permissions).every(([name, level]) =>
        [level, 'write'].includes(state.installed[name] ?? ''),
      )
    if (!isInstalled) return [422, { message: 'it repeats what was sent' }]
    tokens += 1
    const token = `ghs_${tokens}`
    given.set(token, { repositories, permissions })
    const answer = {
      token,
      expires_at: new Date(now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z'),
      permissions: { ...permissions, metadata: 'read' },
      repository_selection: 'selected',
      repositories: repositories.map((name, id) => ({ id, name, full_name: `${state.login}/${name}` })),
    }
    return [201, state.answers(answer)]
  }

  const answer = async (request: IncomingMessage, body: unknown): Promise<readonly [number, unknown]> => {
    const line = `${request.method} ${request.url}`
    const installation = `/app/installations/${appOfTest.installation}`
    if (line === 'DELETE /installation/token') {
      const [, token = ''] = /^token (.+)$/.exec(request.headers.authorization ?? '') ?? []
      return given.delete(token) ? [204, null] : [401, { message: 'Bad credentials' }]
    }
    if (!(await isApp(request))) return [401, { message: 'A JSON web token could not be decoded' }]
    if (line === `POST ${installation}/access_tokens`) return make(body)
    if (line !== `GET ${installation}`) return [404, { message: 'Not Found' }]
    const { login, installed: permissions, suspendedAt: suspended_at } = state
    return [200, { app_slug: 'countersign', account: { login }, permissions, suspended_at }]
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const body: unknown = text === '' ? {} : JSON.parse(text)
      const line = `${request.method} ${request.url}`
      asked.push({ line, called: request.headers['user-agent'] ?? '', body })
      void meet(next.shift() ?? 'fine', { request, response, effect: () => answer(request, body), now })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return Object.assign(state, { url: `http://127.0.0.1:${port}` })
}

async function meet(
  meeting: Meeting,
  by: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly effect: () => Promise<readonly [number, unknown]>
    readonly now: () => number
  },
): Promise<void> {
  const { request, response, effect, now } = by
  const say = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    response
      .writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        date: new Date(now()).toUTCString(),
        ...headers,
      })
      .end(body === null ? undefined : JSON.stringify(body))
  const repeats = { message: `it repeats ${request.headers.authorization}` }
  if (meeting === 'deaf') return void request.socket.destroy()
  if (meeting === 'slow') return
  if (meeting === 'foreign')
    return void response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<html>Welcome to the proxy</html>')
  if (meeting === 'limited') return void say(429, repeats, { 'retry-after': '7' })
  if (meeting === 'out of calls') {
    const reset = String(Math.ceil(Date.now() / 1_000) + 1_000)
    return void say(403, repeats, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })
  }
  if (typeof meeting === 'number') return void say(meeting, repeats)
  const [status, body] = await effect()
  if (meeting === 'late') return void request.socket.destroy()
  say(status, body)
}

/** The App's private key in a file, as GitHub gives it (PKCS#1) unless another is wanted. */
export function keyFile(
  key: KeyObject = keys.privateKey,
  type: 'pkcs1' | 'pkcs8' | 'sec1' = 'pkcs1',
): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'app.pem')
  writeFileSync(file, key.export({ format: 'pem', type }), { mode: 0o600 })
  return file
}

/** One target in an operator's file, for the double at this address. */
export function githubFile(endpoint: string, change: (file: string) => string = (file) => file): string {
  return change(`targets:
  - name: repos
    issuer: github
    audience: https://db.acme.test
    endpoint: ${endpoint}
    app: ${appOfTest.app}
    private_key_file: ${keyFile()}
    installation: ${appOfTest.installation}
    owner: ${appOfTest.owner}
    environments: [prod]
    actions:
      repo.push:
        resource: 'acme/*'
        repository: {from: resource.rest}
        at_most: {contents: write, issues: read}
        permissions: {from: params.permissions}
      db.export:
        resource: 'warehouse.*'
        repository: website
        at_most: {contents: read}
`)
}

export function githubAt(...of: Parameters<typeof githubFile>): CredentialIssuer {
  const read = readTargets('credentials.yaml', githubFile(...of))
  if (!('targets' in read)) throw new Error(JSON.stringify(read.problems))
  const [issuer] = read.targets({ installation: 'wsp_one', signer: null })
  if (!issuer) throw new Error('no target')
  return issuer
}

/** An action that such a target serves, and its credential. */
export const push: Action = {
  action: 'repo.push',
  resource: { type: 'repository', id: 'acme/website' },
  params: { permissions: ['contents:write', 'issues:read'] },
  environment: 'prod',
}
export const untilFor = ({ longestSeconds }: CredentialIssuer) =>
  new Date(Date.now() + longestSeconds * 1_000).toISOString()
export const leaseOf = (issuer: CredentialIssuer, action = push, id = 'lse_1') => ({
  id,
  about: issuer.plan(id, action),
})
export const issueAt = (issuer: CredentialIssuer, action = push) =>
  issuer.issue(leaseOf(issuer, action), untilFor(issuer))
