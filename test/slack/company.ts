import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import type { HouseNow } from '../../src/approvals/houseNow.ts'
import { tellPeople } from '../../src/approvals/news/tellPeople.ts'
import type { PersonCommand } from '../../src/approvals/personCommand.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import type { Card } from '../../src/approvals/records.ts'
import { keptTogether } from '../../src/approvals/sets/keptTogether.ts'
import type { Reach } from '../../src/channels/reach.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { AgeClock } from '../../src/lifetime/ageClock.ts'
import { acme, sandboxScopes } from '../../src/sandbox/seed.ts'
import { createLocalSlack, type LocalSlack } from '../../src/sandbox/slack/server.ts'
import type { Seed } from '../../src/sandbox/slack/workspace.ts'
import type { MemberAct } from '../../src/sandbox/wire.ts'
import { createHealth, type HealthRecord } from '../../src/server/health.ts'
import { createSlack, type Slack } from '../../src/slack/app.ts'
import { type SlackIdentity, whoAmI } from '../../src/slack/identity.ts'
import { createClients, type SlackClients } from '../../src/slack/outbound/clients.ts'
import { createDirectory, type SlackDirectory } from '../../src/slack/outbound/directory.ts'
import { createReach } from '../../src/slack/outbound/reach.ts'
import { patience } from '../support/eventually.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { agesOf } from '../support/testClock.ts'
import { ask, testWorld, type World } from '../support/world.ts'

export const channelId = 'C0APPROVALS'

/** The real Bolt and Web API clients, the real verbs, a store in memory, and the local Slack between them. */
export interface Company {
  readonly local: LocalSlack
  readonly slack: Slack
  readonly world: World
  readonly store: MemoryStore
  readonly clients: SlackClients
  readonly directory: SlackDirectory
  readonly identity: SlackIdentity
  readonly health: HealthRecord
  readonly reach: Reach
  /** What was handed to the durable queue. */
  readonly queued: PersonCommand[]
  /** Address of Slack's endpoint on our server; empty in Socket Mode. */
  readonly url: string
  readonly logged: Record<string, unknown>[]
  /** Makes decisions wait for a promise, to play a slow database. */
  slowDown(until: () => Promise<unknown>): void
  /** While set, the durable queue fails. */
  breakQueue(): void
  /** Asks for an action as Alice, posts its card, and tells where it stands. */
  asked(
    action: string,
    change?: Parameters<typeof ask>[2],
  ): Promise<{ request: ActionRequest; card: Card; at: { conversation: string; ts: string } }>
  /** What the refresh job does. */
  settle(request: string): Promise<void>
  state(request: string): Promise<string | undefined>
  close(): Promise<void>
}

/** The same action with parameters that no card has room for. */
export function tooLong(action: string) {
  const params = { query: 'x '.repeat(6_000) }
  return {
    action: { action, resource: { type: 'table', id: 'warehouse.users' }, params, environment: 'prod' },
  }
}

/** Nobody posts to a shared channel; the tests that need one share it. */
export function unshared(seed: Seed): Seed {
  return { ...seed, channels: [...seed.channels.map((channel) => ({ ...channel, shared: false })), alerts] }
}

/** Where alarms of the test bundle go. */
const alerts = {
  id: 'C0ALERTS',
  name: 'alerts',
  topic: 'Alarms',
  members: ['U0PRIYA', 'U0SAM', 'U0GRACE', 'U0BOB', 'U0COUNTERSIGN'],
  shared: false,
}

/** Sends the window on top, with what is written by block id: `{ reason: 'INC-1 …' }`. */
export function send(company: Company, member: string, written: Readonly<Record<string, string>>) {
  const fields = Object.entries(written).map(([block, value]) => [
    block,
    { text: { type: 'plain_text_input', value } },
  ])
  const view = company.local.as(member).modal()?.id ?? ''
  return company.local.act({ act: 'submit', as: member, view, state: Object.fromEntries(fields) })
}

export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'
const botToken = 'xoxb-test'
const appToken = 'xapp-test'

export async function openCompany(
  options: {
    mode?: 'http' | 'socket'
    /** Nothing is slow unless a test says so: a busy machine is no slow database. */
    slowAfter?: number
    /** As long as `slowAfter`, unless a test says something else. */
    ackAfter?: number
    answerWithin?: number
    /** The workspace whose user groups are meant, of an organisation-wide install. */
    teamId?: string
    /** Another company than Acme. */
    seed?: Seed
    ages?: AgeClock
    /** What is kept of the log. */
    logLevel?: 'info' | 'warn'
    /** Whether people are asked to confirm what is claimed in their names. */
    confirms?: boolean
    /** Whether people are told directly what becomes of what was asked for them. */
    tells?: boolean
    /** The signing secret before, while it is being replaced. */
    previousSecret?: string
    /** Hears with which secret each delivery was signed. */
    signedWith?: (secret: 'current' | 'previous') => void
    /** Who says what an action would touch. */
    previewers?: Ports['previewers']
    /** How the server is, where it is not only what its health says. */
    house?: Partial<HouseNow>
  } = {},
): Promise<Company> {
  const { mode = 'http', slowAfter = patience, answerWithin = patience, logLevel = 'warn' } = options
  const store = memoryStore()
  const { confirms = false, previewers = [] } = options
  const made = await testWorld({ store, confirms, previewers })
  const now = () => made.clock().getTime()
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: logLevel, base: {} }, { write: (line) => void logged.push(JSON.parse(line)) })

  const server = createServer((req, res) => void slack.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` // it listens on TCP
  const local = createLocalSlack({
    origin: '',
    delivery: mode === 'http' ? { mode, url, signingSecret } : { mode },
    botToken,
    appToken,
    scopes: sandboxScopes,
    seed: options.seed ?? unshared(acme),
    now,
    retryDelaysMs: [],
    ackMs: patience,
  })
  await local.listen()

  const access = { botToken, teamId: options.teamId ?? null, apiUrl: local.apiUrl }
  const health = createHealth(log)
  const reach = createReach(health)
  const ages = options.ages ?? agesOf(made.clock)
  const clients = createClients(access, log, reach)
  const identity = await whoAmI(clients.clicks, access.teamId)
  const directory = createDirectory({ client: clients.clicks, identity, ages })
  const brakes: { until: (() => Promise<unknown>) | null; queueBroken: boolean } = {
    until: null,
    queueBroken: false,
  }
  const stored = braked(store, brakes)
  const ports = {
    ...made.ports,
    directory,
    store: keptTogether(options.tells ? tellPeople(stored, made.ports) : stored, made.ports),
    reachesPeople: reach.reaches,
  }
  const world: World = { ...made, ports }
  const queued: PersonCommand[] = []
  const slack = createSlack({
    ports,
    log,
    access,
    clients,
    identity,
    directory,
    mode:
      mode === 'http'
        ? { kind: 'http', signingSecret, previousSecret: options.previousSecret ?? null }
        : { kind: 'socket', appToken },
    ...(options.signedWith && { signedWith: options.signedWith }),
    later: async (command) => {
      if (brakes.queueBroken) throw new Error('no queue')
      queued.push(command)
    },
    ages,
    health,
    reach,
    slowAfter,
    ackAfter: options.ackAfter ?? slowAfter,
    answerWithin,
    house: async () => ({ conditions: health.now(), stored: null, ...options.house }),
    homesEveryMs: 20,
  })
  await slack.start()

  const settle = async (request: string) => {
    // The pace of posting is a second for each message; the clock, not the test, waits.
    made.clock.advance(30)
    await refresh(ports, slack.channel, { request })
  }
  return {
    local,
    slack,
    world,
    store,
    clients,
    directory,
    identity,
    health,
    reach,
    queued,
    url: mode === 'http' ? url : '',
    logged,
    slowDown: (until) => {
      brakes.until = until
    },
    breakQueue: () => {
      brakes.queueBroken = true
    },
    settle,
    asked: async (action, change = {}) => {
      const request = await ask(world, action, change)
      await announce(ports, slack.channel, request.id)
      const [card] = await store.cards(request.id)
      if (!card?.message) throw new Error('no card was posted')
      return { request, card, at: { conversation: channelId, ts: card.message } }
    },
    state: async (request) => (await store.request(request))?.state,
    close: async () => {
      await slack.stop()
      await local.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The same store, whose commits of decisions wait for a promise. */
function braked(store: MemoryStore, brakes: { until: (() => Promise<unknown>) | null }): Store {
  return {
    ...store,
    commit: async (change) => {
      if (change.delivery !== undefined && brakes.until) await brakes.until()
      return store.commit(change)
    },
  }
}

/** The codes of the attempts to decide that were refused, in order. */
export function refusals(company: Company) {
  const refused = company.store.ledger.filter((entry) => entry.type === 'decision.refused')
  return refused.map((entry) => entry.data.code)
}

type Press = Omit<Extract<MemberAct, { act: 'press' }>, 'act'>

/** Sends a press that was changed on its way, signed like any other: its action says also `change`. */
export async function sendForged(company: Company, press: Press, change: Record<string, unknown>) {
  const { payload, ...parcel } = company.local.compose({ act: 'press', ...press })
  const [action] = payload.actions as Record<string, unknown>[] // as it was composed
  await company.local.send({ ...parcel, payload: { ...payload, actions: [{ ...action, ...change }] } })
}
