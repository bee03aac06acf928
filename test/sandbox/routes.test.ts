import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { examples } from '../../src/sandbox/examples.ts'
import { refusalOf } from '../../src/sandbox/loopback.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/routes.ts'
import { acme, sandboxAgents, sandboxScopes } from '../../src/sandbox/seed.ts'
import { createLocalSlack, type LocalSlack } from '../../src/sandbox/slack/server.ts'
import { openModal } from '../../src/sandbox/slack/views.ts'
import { acmeTeams } from '../../src/sandbox/teams/seed.ts'
import { createLocalTeams, type LocalTeams } from '../../src/sandbox/teams/server.ts'
import { appToken, botToken, clientOf, signingSecret } from './slack/company.ts'

const agent = { id: 'agt_1', name: 'billing-agent', owner: 'Lee Tanaka', key: 'ck_test' }
let slack: LocalSlack
let teams: LocalTeams
let sandbox: Sandbox
let server: Server
let port: number
let pageDirectory: string

const role = 'cs_0123456789abcdef'
const seen = { entered: false, columns: [], rows: [], refused: [] }

beforeEach(async () => {
  pageDirectory = await mkdtemp(join(tmpdir(), 'countersign-page-'))
  await writeFile(join(pageDirectory, 'index.html'), '<!doctype html><title>page</title>')
  server = createServer((request, response) => void sandbox.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  const here = { origin: `http://127.0.0.1:${port}`, now: Date.now }
  const nowhere = 'http://127.0.0.1:1/'
  slack = createLocalSlack({
    ...{ ...here, botToken, appToken, scopes: sandboxScopes, seed: acme },
    delivery: { mode: 'http', url: nowhere, signingSecret },
  })
  teams = createLocalTeams({ ...here, appUrl: nowhere, secret: null, seed: acmeTeams })
  sandbox = createSandbox({
    slack,
    teams,
    pageDirectory,
    warehouse: async ({ user }) => (user === role ? seen : null),
    agents: async () => ({ agents: [agent], examples }),
    audit: { report: async () => '<h1>Audit report</h1>', verify: async () => '7 entries' },
  })
})
afterEach(async () => {
  await sandbox.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(pageDirectory, { recursive: true })
})

const at = (path: string) => `http://127.0.0.1:${port}/sandbox/${path}`
const act = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(at('act'), { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

describe('who is answered', () => {
  test.each([
    ['127.0.0.1:8080', undefined, true],
    ['localhost:8080', 'http://localhost:8080', true],
    ['[::1]:8080', undefined, true],
    ['localhost', undefined, true],
    ['rebound.evil.test:8080', undefined, false],
    ['localhost.evil.test', undefined, false],
    ['127.0.0.1.evil.test:80', undefined, false],
    ['', undefined, false],
    ['localhost:8080', 'http://evil.test', false],
    ['localhost:8080', 'http://localhost:9090', false],
    ['localhost:8080', 'null', false],
  ])('Host %j with Origin %j', (host, origin, answered) => {
    expect(refusalOf({ host, ...(origin && { origin }) }) === undefined).toBe(answered)
  })

  test('another site may link to the page, and nothing else', () => {
    const foreign = { host: 'localhost:8080', 'sec-fetch-site': 'cross-site' }

    expect(refusalOf({ ...foreign, 'sec-fetch-mode': 'navigate' })).toBeUndefined()
    expect(refusalOf({ ...foreign, 'sec-fetch-mode': 'no-cors' })).toBeDefined()
  })

  test.each(['', 'snapshot?as=U0BOB', 'events?as=U0BOB', 'agents', 'act', 'slack/api/auth.test'])(
    'a rebound name gets nothing from /sandbox/%s',
    async (path) => {
      expect(await statusWithHost(path, 'rebound.evil.test')).toBe(403)
    },
  )
})

describe('the page', () => {
  test('is served under a policy that lets it talk to this server only', async () => {
    const answer = await fetch(at(''))

    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
  })

  test.each(['..%2fsecret.html', '%2e%2e/secret.html', '.hidden.html', 'nowhere.html', 'sub/index.html'])(
    'no other file is: %s',
    async (path) => {
      expect((await fetch(at(path))).status).toBe(404)
    },
  )

  test('says how to build it when it is not built', async () => {
    await rm(join(pageDirectory, 'index.html'))

    expect(await (await fetch(at(''))).text()).toContain('npm run build')
  })
})

describe('what the page asks for', () => {
  test('a member’s snapshot', async () => {
    const snapshot = await (await fetch(at('snapshot?as=U0BOB'))).json()

    expect(snapshot).toMatchObject({
      team: { id: 'T0ACME', name: 'Acme' },
      app: { botUserId: 'U0COUNTERSIGN' },
      viewer: 'U0BOB',
      modals: [],
      home: null,
      commands: [{ command: '/approvals' }],
    })
    expect((await fetch(at('snapshot?as=U0NOBODY'))).status).toBe(404)
  })

  test('agents, examples and people', async () => {
    const cast = await (await fetch(at('agents'))).json()

    expect(cast.agents).toEqual([agent])
    expect(cast.examples.length).toBeGreaterThanOrEqual(7)
    expect(cast.members).toContainEqual({ id: 'U0BOB', name: 'Bob Okafor' })
  })

  test('every example names an agent that is there', () => {
    const names: string[] = sandboxAgents.map(({ name }) => name)

    expect(examples.filter((example) => !names.includes(example.agent))).toEqual([])
  })

  test('an act is done', async () => {
    const answer = await act({ act: 'post', as: 'U0BOB', conversation: 'C0GENERAL', text: 'hello' })

    expect(await answer.json()).toEqual({ ok: true })
    expect(slack.as('U0SAM').messages('C0GENERAL')).toMatchObject([{ user: 'U0BOB', text: 'hello' }])
  })

  test.each([
    ['not JSON', '{'],
    ['an unknown act', { act: 'fly', as: 'U0BOB' }],
    ['an unknown property', { act: 'home', as: 'U0BOB', admin: true }],
    ['a missing property', { act: 'post', as: 'U0BOB' }],
  ])('%s is no act', async (_name, body) => {
    expect((await act(body)).status).toBe(400)
  })

  test('a form is no act, because any page could post one', async () => {
    const body = { act: 'home', as: 'U0BOB' }

    expect((await act(body, { 'content-type': 'text/plain' })).status).toBe(400)
  })

  test('what an auditor gets: a report that no other page can frame, and what verifying comes to', async () => {
    const report = await fetch(at('report'))
    const verify = await fetch(at('verify'))

    expect(await report.text()).toBe('<h1>Audit report</h1>')
    expect(Object.fromEntries(report.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "frame-ancestors 'none'",
      'cache-control': 'no-store',
    })
    expect(await verify.text()).toBe('7 entries')
  })

  test('a login to the warehouse, with a role of ours and with nothing else', async () => {
    const logIn = (body: unknown, type = 'application/json') =>
      fetch(at('warehouse'), {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(body),
      })

    expect(await (await logIn({ user: role, password: 'x' })).json()).toEqual(seen)
    expect((await logIn({ user: 'cs_ffffffffffffffff', password: 'x' })).status).toBe(404)
    for (const user of ['countersign', 'countersign_server', 'acme_warehouse_issuer', `${role}x`])
      expect((await logIn({ user, password: 'x' })).status, user).toBe(400)
    expect((await logIn({ user: role, password: 'x', host: 'db.acme.test' })).status).toBe(400)
    expect((await logIn({ user: role, password: 'x' }, 'text/plain')).status).toBe(400)
  })

  test('the Web API is behind the same door', async () => {
    expect(await clientOf(slack).auth.test()).toMatchObject({ ok: true })
  })
})

describe('events', () => {
  test('a change is told once, however much changed', async () => {
    const { heardTimes, stop } = await stream('U0BOB')

    for (let i = 0; i < 3; i += 1) slack.workspace.changed()
    await heardTimes('event: changed', 1)
    await clientOf(slack).chat.postMessage({ channel: 'C0GENERAL', text: 'x' })

    expect(await heardTimes('event: changed', 2)).toBe(2)
    stop()
  })

  test('an ephemeral message is gone when the page is loaded again', async () => {
    const client = clientOf(slack)
    await client.chat.postEphemeral({ channel: 'C0GENERAL', user: 'U0BOB', text: 'x' })
    const before = slack.as('U0BOB').messages('C0GENERAL').length

    const { stop } = await stream('U0BOB')

    expect([before, slack.as('U0BOB').messages('C0GENERAL').length]).toEqual([1, 0])
    stop()
  })

  test.each([
    ['is gone when the page is loaded again', {}, 0],
    ['stays for a browser that only reconnects', { 'last-event-id': '1' }, 1],
  ])('an open window %s', async (_name, headers, left) => {
    openModal(slack.workspace, { recentBlocks: true }, { owner: 'U0BOB', view: window })

    const { stop } = await stream('U0BOB', headers)

    expect(slack.look('U0BOB')?.modals).toHaveLength(left)
    stop()
  })

  test('an open window stays when a second page of the same member is opened', async () => {
    const first = await stream('U0BOB')
    openModal(slack.workspace, { recentBlocks: true }, { owner: 'U0BOB', view: window })

    const second = await stream('U0BOB')

    expect(slack.look('U0BOB')?.modals).toHaveLength(1)
    first.stop()
    second.stop()
  })

  test('a browser that only reconnects keeps its ephemeral messages', async () => {
    await clientOf(slack).chat.postEphemeral({ channel: 'C0GENERAL', user: 'U0BOB', text: 'x' })

    const { stop } = await stream('U0BOB', { 'last-event-id': '1' })

    expect(slack.as('U0BOB').messages('C0GENERAL')).toHaveLength(1)
    stop()
  })

  test('nobody’s stream is not there', async () => {
    expect((await fetch(at('events?as=U0NOBODY'))).status).toBe(404)
  })
})

/** As an app opens one. */
const window = {
  type: 'modal',
  title: { type: 'plain_text', text: 'Deny' },
  blocks: [{ type: 'section', text: { type: 'plain_text', text: 'Why?' } }],
}

/** Opens a stream; `heardTimes` waits until `text` has come so often, and says how often it has. */
async function stream(viewer: string, headers: Record<string, string> = {}) {
  const abort = new AbortController()
  const answer = await fetch(at(`events?as=${viewer}`), { headers, signal: abort.signal })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  const times = (text: string) => heard.split(text).length - 1
  const heardTimes = async (text: string, count: number) => {
    while (times(text) < count) heard += (await reader?.read())?.value ?? ''
    return times(text)
  }
  return { heardTimes, stop: () => abort.abort() }
}

/** fetch does not let a caller choose its Host. */
function statusWithHost(path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(at(path), { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
    request.end()
  })
}
