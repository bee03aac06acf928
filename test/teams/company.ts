import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import type { Channel } from '../../src/approvals/channelPort.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import type { PersonCommand } from '../../src/approvals/personCommand.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { Card } from '../../src/approvals/records.ts'
import { keptTogether } from '../../src/approvals/sets/keptTogether.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { Bundle } from '../../src/policy/bundle.ts'
import { acmeTeams, teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { createLocalTeams, type LocalTeams } from '../../src/sandbox/teams/server.ts'
import { createHealth } from '../../src/server/health.ts'
import type { TeamsAccess } from '../../src/teams/access.ts'
import { createTeams } from '../../src/teams/app.ts'
import { createChannel } from '../../src/teams/outbound/channel.ts'
import { createConnector } from '../../src/teams/outbound/connector.ts'
import { createDirectory } from '../../src/teams/outbound/directory.ts'
import { createTokens } from '../../src/teams/outbound/tokens.ts'
import { patience } from '../support/eventually.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { agesOf } from '../support/testClock.ts'
import { ask, testWorld, type World } from '../support/world.ts'
import { teamsBundle } from './bundle.ts'

export const channelId = teamsChannels.approvals
const secret = 'a-secret-of-the-local-app'

/** The real client of Teams, the real verbs, a store in memory, and the local Teams between them. */
export interface Company {
  readonly local: LocalTeams
  readonly world: World
  readonly store: MemoryStore
  readonly channel: Channel
  /** What was handed to the durable queue. */
  readonly queued: PersonCommand[]
  readonly logged: Record<string, unknown>[]
  /** Makes decisions wait for a promise, to play a slow database. */
  slowDown(until: () => Promise<unknown>): void
  breakQueue(): void
  /** Resolves when nothing that was begun goes on any more. */
  stop(): Promise<void>
  /** Asks for an action as Alice, posts its card, and tells where it stands. */
  asked(
    action: string,
    change?: Parameters<typeof ask>[2],
  ): Promise<{
    request: ActionRequest
    card: Card
    at: { conversation: string; message: string }
  }>
  /** What the refresh job does. */
  settle(request: string): Promise<void>
  state(request: string): Promise<string | undefined>
}

export async function openCompany(
  options: { slowAfter?: number; policy?: Bundle; confirms?: boolean } = {},
): Promise<Company> {
  const { slowAfter = patience, policy = teamsBundle(), confirms = false } = options
  const store = memoryStore()
  const made = await testWorld({ store, policy, confirms })
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'info', base: {} }, { write: (line) => void logged.push(JSON.parse(line)) })
  const ages = agesOf(made.clock)
  const local = createLocalTeams({
    origin: 'http://127.0.0.1:0',
    appUrl: 'http://127.0.0.1:1/',
    secret,
    seed: acmeTeams,
    now: () => made.clock().getTime(),
    ackMs: patience,
    rateLimits: 'none',
  })
  await local.listen()
  const access: TeamsAccess = {
    appId: teamsIds.app,
    tenant: teamsIds.tenant,
    credential: { kind: 'secret', secret },
    services: local.services,
  }
  const health = createHealth(log)
  const tokens = createTokens(access, { ages })
  const connector = createConnector({ access, tokens })
  const directory = createDirectory({ access, tokens, ages })
  const brakes: { until: (() => Promise<unknown>) | null; queueBroken: boolean } = {
    until: null,
    queueBroken: false,
  }
  const parts = { ...made.ports, directory }
  const ports = { ...parts, store: keptTogether(braked(store, brakes), parts) }
  const agent = await addAgent(
    { ...ports, confirms: false },
    { name: 'teams-agent', owner: { email: 'lee@acme.test' }, by: { email: 'lee@acme.test' }, via: 'test' },
  )
  const world: World = { ...made, ports, agent }
  const channel = createChannel({ connector, ages, log, tenant: access.tenant, directory })
  const queued: PersonCommand[] = []
  const teams = createTeams({
    ...{ ports, log, access, directory, channel, ages, health, slowAfter },
    later: async (command) => {
      if (brakes.queueBroken) throw new Error('no queue')
      queued.push(command)
    },
    answerWithin: patience,
  })
  const server = createServer((req, res) => void teams.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  local.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`) // it listens on TCP
  onTestFinished(async () => {
    await local.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    ...{ local, world, store, channel, queued, logged },
    stop: teams.stop,
    slowDown: (until) => {
      brakes.until = until
    },
    breakQueue: () => {
      brakes.queueBroken = true
    },
    settle: async (request) => {
      // The pace of posting is a second for each message; the clock, not the test, waits.
      made.clock.advance(30)
      await refresh(ports, channel, { request })
    },
    asked: async (action, change = {}) => {
      const request = await ask(world, action, change)
      await announce(ports, channel, request.id)
      const [card] = await store.cards(request.id)
      if (!card?.message) throw new Error('no card was posted')
      return { request, card, at: { conversation: channelId, message: card.message } }
    },
    state: async (request) => (await store.request(request))?.state,
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

/** The codes of the attempts that were refused, in order. */
export function refusals(company: Company) {
  const refused = company.store.ledger.filter((entry) => entry.type === 'decision.refused')
  return refused.map((entry) => entry.data.code)
}

/** All that a dialog or a message says, as JSON. */
export function dialogText(company: Company, person: string): string {
  return JSON.stringify(company.local.as(person).dialog() ?? null)
}

/** What only this person sees in the channel, or is told in the chat with us. */
export function toldTo(company: Company, person: string): readonly string[] {
  const own = company.local.as(person)
  const whispers = own.messages(channelId).filter(({ onlyYou }) => onlyYou)
  return [...whispers, ...own.chat()].map((message) => JSON.stringify(message))
}

export function cardText(company: Company, message: string): string {
  const found = company.local
    .as(teamsIds.bob)
    .messages(channelId)
    .find(({ id }) => id === message)
  return JSON.stringify(found?.card ?? null)
}
