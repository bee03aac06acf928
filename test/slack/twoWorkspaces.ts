import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { type DirectoryAt, severalDirectories } from '../../src/approvals/people/severalDirectories.ts'
import { keptTogether } from '../../src/approvals/sets/keptTogether.ts'
import { acme, sandboxScopes } from '../../src/sandbox/seed.ts'
import { createLocalSlack, type LocalSlack } from '../../src/sandbox/slack/server.ts'
import type { Seed } from '../../src/sandbox/slack/workspace.ts'
import { createHealth } from '../../src/server/health.ts'
import { everybody } from '../../src/server/otherWorkspaces.ts'
import { createSlack, type Slack } from '../../src/slack/app.ts'
import { type SlackIdentity, whoAmI } from '../../src/slack/identity.ts'
import { createClients } from '../../src/slack/outbound/clients.ts'
import { createDirectory } from '../../src/slack/outbound/directory.ts'
import { createReach } from '../../src/slack/outbound/reach.ts'
import { elsewhere, type OtherWorkspace, tenantsOf, togetherAs } from '../../src/slack/workspaces.ts'
import { patience } from '../support/eventually.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { agesOf } from '../support/testClock.ts'
import { ask, testWorld } from '../support/world.ts'
import { channelId, signingSecret, unshared } from './company.ts'

export const emea = 'T0EMEA'
/** In the workspace of EMEA: Bob's account there, and somebody who is only there. */
export const bobThere = 'U0BOBEMEA'
export const inga = 'U0INGA'
/** Two who are only there, and whose ids are those of others in the first: an id names somebody within its workspace only. */
export const sameIdAs = { alice: 'U0ALICE', omar: 'U0OMAR' } as const
export const channelThere = 'C0EMEA'
export const groupThere = 'S0EMEA'

const first = { team: 'T0ACME', token: 'xoxb-first', seed: unshared(acme) }
const second = { team: emea, token: 'xoxb-second', seed: emeaSeed() }

/** Acme with a second workspace that no organisation joins to the first: the same app, another token. */
export async function twoWorkspaces() {
  const store = memoryStore()
  const made = await testWorld({ store })
  const log = pino({ level: 'silent' })
  const ages = agesOf(made.clock)
  const health = createHealth(log)
  const front = await listening((req, res) => void slack.handle(req, res))
  const locals = await Promise.all(
    [first, second].map(({ token, seed }) => local(seed, { token, url: front.url, now: made.clock })),
  )
  const [here, there] = locals as [LocalSlack, LocalSlack] // one for each
  const api = await oneAddress(
    new Map([
      [first.token, here],
      [second.token, there],
    ]),
  )

  const reach = createReach(health)
  const access = { botToken: first.token, apiUrl: api.url }
  const clients = createClients(access, log, reach)
  const identity = await whoAmI(clients.clicks)
  const own = createDirectory({ client: clients.clicks, identity, ages })
  const named = [{ team: emea, botToken: second.token }]
  const { others, directories } = everybody(
    { apiUrl: api.url, others: named },
    {
      ...{ first: { identity: () => identity, directory: own }, health, ages, log },
    },
  )
  const [at, ...rest] = directories as [DirectoryAt, DirectoryAt] // of two workspaces
  const directory = severalDirectories(at, rest, store)
  const ports = { ...made.ports, directory, store: keptTogether(store, made.ports) }
  const shared = {
    ...{ ports, log, ages, health, slowAfter: patience, ackAfter: patience, answerWithin: patience },
    mode: { kind: 'http', signingSecret } as const,
    later: async () => undefined,
    house: async () => ({ conditions: [], stored: null }),
  }
  const beside: OtherWorkspace[] = []
  const opened = createSlack({
    ...{ ...shared, access, clients, identity, directory: own, reach },
    home: { team: null, tenants: tenantsOf(identity) },
    elsewhere: elsewhere([emea], beside),
  })
  for (const other of others) {
    const { identity: met, directory: theirs } = await other.connect()
    const { access, clients, reach } = other
    beside.push({
      team: other.team,
      slack: createSlack({
        ...{ ...shared, access, clients, reach, identity: met, directory: theirs },
        home: { team: other.team, tenants: tenantsOf(met) },
      }),
    })
  }
  const slack: Slack = togetherAs(opened, beside)
  await slack.start()
  const world = { ...made, ports }
  return {
    ...{ here, there, slack, store, world, ports, directory, health, identity: identity as SlackIdentity },
    asked: async (action: string, change: Parameters<typeof ask>[2] = {}) => {
      const request = await ask(world, action, change)
      await announce(ports, slack.channel, request.id)
      return request
    },
    settle: async (request: string) => {
      made.clock.advance(30)
      await refresh(ports, slack.channel, { request })
    },
    close: async () => {
      await slack.stop()
      await Promise.all(locals.map((one) => one.close()))
      await Promise.all([front, api].map(({ close }) => close()))
    },
  }
}

export type TwoWorkspaces = Awaited<ReturnType<typeof twoWorkspaces>>

function emeaSeed(): Seed {
  const [template] = acme.members
  if (!template) throw new Error('Acme has nobody')
  const member = (id: string, name: string) => ({
    ...template,
    ...{ id, name, realName: name, email: `${name}@emea.test`, teamId: emea },
  })
  const bot = acme.members.find(({ bot }) => bot)
  if (!bot) throw new Error('Acme has no bot')
  const members = [
    ...[member(bobThere, 'bob'), member(inga, 'inga')],
    ...[member(sameIdAs.alice, 'aino'), member(sameIdAs.omar, 'ole')],
    { ...bot, id: 'U0BOTEMEA', teamId: emea },
  ]
  const ids = members.map(({ id }) => id)
  return {
    ...acme,
    team: { id: emea, name: 'Acme EMEA', domain: 'acme-emea' },
    app: { ...acme.app, botUserId: 'U0BOTEMEA', botId: 'B0EMEA' },
    members,
    usergroups: [
      { id: groupThere, handle: 'emea-owners', name: 'Owners', users: [bobThere, inga], disabled: false },
    ],
    channels: [{ id: channelThere, name: 'emea-approvals', topic: '', members: ids, shared: false }],
  }
}

async function local(seed: Seed, by: { token: string; url: string; now: () => Date }): Promise<LocalSlack> {
  const made = createLocalSlack({
    ...{ origin: '', botToken: by.token, appToken: 'xapp-test', scopes: sandboxScopes, seed },
    delivery: { mode: 'http', url: by.url, signingSecret },
    now: () => by.now().getTime(),
    retryDelaysMs: [],
    ackMs: patience,
  })
  await made.listen()
  return made
}

/** Slack's one address, behind which each token is of its own workspace. */
async function oneAddress(workspaces: ReadonlyMap<string, LocalSlack>) {
  const at = await listening(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(Buffer.from(chunk))
    const token = String(req.headers.authorization ?? '').replace('Bearer ', '')
    const workspace = workspaces.get(token)
    if (!workspace) return void res.writeHead(200).end('{"ok":false,"error":"invalid_auth"}')
    const { host: _, connection: __, 'content-length': ___, ...headers } = req.headers
    const answer = await fetch(new URL(String(req.url).replace('/', ''), workspace.apiUrl), {
      method: 'POST',
      headers: headers as Record<string, string>, // a client of Slack's sends each once
      body: Buffer.concat(chunks),
    })
    const kept = [...answer.headers].filter(([name]) => !/^(content-(length|encoding)|transfer-)/.test(name))
    res.writeHead(answer.status, Object.fromEntries(kept)).end(Buffer.from(await answer.arrayBuffer()))
  })
  return { ...at, url: at.url.replace('/slack/events', '/') }
}

async function listening(handle: Parameters<typeof createServer>[1]) {
  const server: Server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`, // it listens on TCP
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export { channelId }
