import { report } from '../../src/approvals/executions/report.ts'
import { firstKeys } from '../../src/approvals/grants/firstKeys.ts'
import { importKey } from '../../src/approvals/grants/importKey.ts'
import { mint } from '../../src/approvals/grants/mint.ts'
import { redeem } from '../../src/approvals/grants/redeem.ts'
import { lapseUnredeemed } from '../../src/approvals/grants/unredeemed.ts'
import { giveUpUnreported } from '../../src/approvals/grants/unreported.ts'
import { deliver } from '../../src/approvals/webhooks/deliver.ts'
import type { Action } from '../../src/core/action.ts'
import { callerOf } from '../approvals/grants/granted.ts'
import { typed } from '../approvals/keyHouse.ts'
import { madeDelivery, madeWebhook } from '../store/madeGrants.ts'
import { asking, castOf, granted } from '../support/grantedRequest.ts'
import { makeMine } from '../support/keyOfOperator.ts'
import { said } from '../support/reportingWorld.ts'
import { testSealer } from '../support/testSealer.ts'
import { ask, click } from '../support/world.ts'
import { type Errand, register, story } from './errand.ts'
import type { Stage } from './stage.ts'

/** What was approved and redeemed; the agent runs it. */
async function running({ world }: Stage) {
  const { agent } = await castOf(world)
  const what = await granted(world)
  await redeem(world.ports, asking(what, agent))
  return what.request
}

const untilRunning = ['request.submitted', 'decision.made', 'request.approved', 'grant.redeemed'] as const
const hour = 3_600

/** The agent reports how it ended. `ran`: what was really run. */
const reporting =
  (ran: (approved: Action) => Action): Errand['arrange'] =>
  async (stage) => {
    const { id, action } = await running(stage)
    const by = { kind: 'agent', id: stage.world.agent.agent.id, via: 'api' } as const
    const sent = said('succeeded', { action: ran(action) })
    return ({ ports }) => report(ports, { request: id, by, report: sent })
  }

/** A message that waits for its next attempt, as its job makes it. */
const delivering =
  (status: number): Errand['arrange'] =>
  async ({ world, store }) => {
    const { id: request } = await ask(world, 'repo.read')
    const [entry] = await store.entries(request)
    const sealed = testSealer.seal(`whsec_${'A'.repeat(43)}=`, { purpose: 'webhook', row: 'whk_1' })
    const delivery = madeDelivery({ id: 'msg_1', webhook: 'whk_1', request, entry: entry?.id ?? '' })
    await store.commit({
      webhooks: [{ expected: null, next: madeWebhook({ id: 'whk_1', sealed }) }],
      webhookDeliveries: [{ expected: null, next: delivery }],
      entries: [],
    })
    world.outgoing.answer = () => status
    return async ({ ports }) => {
      const { attempts = 0 } = (await store.webhookDelivery('msg_1')) ?? {}
      await deliver(ports, { delivery: 'msg_1', nth: attempts })
    }
  }

/** However often it was sent, whoever gets it sees one message. */
async function delivered({ world, store }: Stage) {
  return {
    delivery: (await store.webhookDelivery('msg_1'))?.state,
    webhook: (await store.webhook('whk_1'))?.status,
    messages: new Set(world.outgoing.sent.map(({ id, body }) => `${id} ${body}`)).size,
    dead: store.ledger.filter(({ type }) => type === 'webhook.dead').length,
  }
}

const mine = makeMine()

export const grantErrands: Readonly<Record<string, Errand>> = {
  'minting a grant': {
    arrange: async ({ world }) => {
      const { id } = await ask(world, 'deploy.start')
      await click(world, id, 'U0GRACE')
      const wish = { request: id, caller: callerOf(world), via: 'api', audience: null, proof: null }
      return ({ ports }) => mint(ports, wish)
    },
    result: async (stage) => {
      const [request] = await stage.store.requests({ limit: 1 })
      return { ...(await story(stage, ['grant.repeated'])), granted: request?.grant !== undefined }
    },
    expected: {
      states: ['approved'],
      entries: ['request.submitted', 'decision.made', 'request.approved', 'grant.issued'],
      granted: true,
    },
  },
  'redeeming a grant': {
    arrange: async ({ world }) => {
      const { agent } = await castOf(world)
      const what = await granted(world)
      return ({ ports }) => redeem(ports, asking(what, agent))
    },
    result: (stage) => story(stage, ['redemption.repeated']),
    expected: { states: ['executing'], entries: [...untilRunning] },
  },
  'reporting what was done': {
    arrange: reporting((approved) => approved),
    result: (stage) => story(stage),
    expected: { states: ['succeeded'], entries: [...untilRunning, 'execution.reported'] },
  },
  'reporting that something else was done': {
    arrange: reporting((approved) => ({ ...approved, params: { ...approved.params, force: true } })),
    result: (stage) => story(stage, ['alarm.sent']),
    expected: {
      states: ['succeeded'],
      entries: [...untilRunning, 'execution.reported', 'execution.deviated'],
    },
  },
  'giving up what nobody redeemed': {
    arrange: async ({ world }) => {
      const { id } = await ask(world, 'deploy.start')
      await click(world, id, 'U0GRACE')
      world.clock.advance(hour)
      return ({ ports }) => lapseUnredeemed(ports, id)
    },
    result: (stage) => story(stage),
    expected: {
      states: ['lapsed'],
      entries: ['request.submitted', 'decision.made', 'request.approved', 'request.lapsed'],
    },
  },
  'giving up what nobody reports': {
    arrange: async (stage) => {
      const { id } = await running(stage)
      stage.world.clock.advance(2 * hour)
      return ({ ports }) => giveUpUnreported(ports, id)
    },
    result: (stage) => story(stage),
    expected: { states: ['unreported'], entries: [...untilRunning, 'request.unreported'] },
  },
  'delivering a webhook': {
    arrange: delivering(204),
    result: delivered,
    expected: { delivery: 'delivered', webhook: 'active', messages: 1, dead: 0 },
  },
  'delivering a webhook to an address that is gone': {
    arrange: delivering(410),
    result: delivered,
    expected: { delivery: 'dead', webhook: 'removed', messages: 1, dead: 1 },
  },
  'giving a signing key': {
    arrange: async ({ world }) => {
      await firstKeys(world.ports)
      const text = (await mine).pem
      return ({ ports }) => importKey(ports, { ...typed, text, early: null })
    },
    result: async (stage) => {
      const keys = await stage.store.signingKeys()
      const entries = (await register(stage)).filter((type) => type.startsWith('key.'))
      const next = keys.filter(({ status }) => status === 'next').map(({ id }) => id)
      return {
        statuses: keys.map(({ status }) => status).sort(),
        mine: next[0] === (await mine).kid,
        entries,
      }
    },
    expected: {
      statuses: ['active', 'next', 'retired'],
      mine: true,
      entries: ['key.created', 'key.retired', 'key.created'],
    },
  },
}
