import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { cancelRevoked } from '../../src/approvals/cancelOfRevoked.ts'
import { announce } from '../../src/approvals/cards/announce.ts'
import { escalate } from '../../src/approvals/escalate.ts'
import { expire } from '../../src/approvals/expire.ts'
import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import { askForChanges } from '../../src/approvals/notes/ask.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { titleOfState } from '../../src/card/titles.ts'
import { type OutcomeCode, outcomeCodes, outcomeOf } from '../../src/core/outcome.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { lost, refused, testChannel } from '../support/channel.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { narrowingBundle } from '../support/narrowingBundle.ts'
import { ask, attemptBy, click, submission, testWorld, type World } from '../support/world.ts'
import { smash } from './emergency.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const day = 86_400

async function posted(action: string): Promise<string> {
  const { id } = await ask(world, action)
  await announce(world.ports, testChannel(), id)
  return id
}

async function overdue(id: string): Promise<ActionRequest> {
  world.clock.advance(day)
  return expire(world.ports, id)
}

/** One way to each end. */
const ways: { readonly [C in OutcomeCode]: () => Promise<ActionRequest> } = {
  allowed: () => ask(world, 'repo.read'),
  approved: async () => (await click(world, await posted('deploy.start'), 'U0GRACE')).request,
  glass_broken: async () => (await smash(world, await posted('host.reboot'), 'U0GRACE')).request,
  denied: async () => (await click(world, await posted('deploy.start'), 'U0GRACE', { kind: 'deny' })).request,
  cooling_down: async () => {
    const again = await ask(world, 'deploy.start')
    if (again.state === 'denied') return again
    await click(world, again.id, 'U0GRACE', { kind: 'deny' })
    return ask(world, 'deploy.start')
  },
  denied_by_policy: () => ask(world, 'audit.delete'),
  nobody_can: () => ask(world, 'cursed.empty'),
  timed_out: async () => overdue(await posted('deploy.start')),
  nobody_reachable: async () => overdue((await ask(world, 'deploy.start')).id),
  denial_stands: async () => overdue(await posted('freeze.deploy')),
  cancelled: async () =>
    cancel(world.ports, { request: await posted('deploy.start'), agent: world.agent.agent, via: 'api' }),
  revised: async () => {
    const id = await posted('deploy.start')
    await askForChanges(world.ports, { ...attemptBy(id, 'U0GRACE'), text: 'Fewer rows.' })
    await ask(world, 'deploy.start', { revises: id })
    const request = await store.request(id)
    if (!request) throw new Error('it is gone')
    return request
  },
  narrowed: async () => {
    world.setPolicy(narrowingBundle())
    const { id } = await ask(
      world,
      'data.dump',
      submission('data.dump', { params: { rows: 500, columns: ['id'] } }),
    )
    const attempt = { ...attemptBy(id, 'U0BOB'), lowered: { rows: 50 }, reason: null, seen: 'facts' }
    return (await narrow(world.ports, attempt)).request
  },
  agent_revoked: async () => {
    const id = await posted('deploy.start')
    const by = { email: 'lee@acme.test' }
    await revokeAgent(world.ports, { name: 'billing-agent', by, via: 'cli' })
    await cancelRevoked(world.ports, id)
    const request = await store.request(id)
    if (!request) throw new Error('it is gone')
    return request
  },
  nothing_to_undo: async () => {
    const { action } = submission('table.drop')
    const { id } = await ask(world, 'deploy.start', { rollback: action })
    await cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' })
    const [rollback] = await store.rollbacksOf([id])
    if (!rollback) throw new Error('it was declared')
    return rollback
  },
}

describe('four-endings: how the asking ended is told apart', () => {
  test.each(outcomeCodes)(
    '%s: by a code of its own, on the request, as it is stored, and in its entry',
    async (code) => {
      const request = await ways[code]()

      expect(outcomeOf(request)).toBe(code)
      const stored = await store.request(request.id)
      expect(stored && outcomeOf(stored)).toBe(code)
      const ends = store.ledger.filter(
        (entry) =>
          entry.request === request.id &&
          /^request\.(approved|denied|narrowed|expired|cancelled)$/.test(entry.type),
      )
      expect(ends.map(({ data }) => data.outcome)).toEqual([code])
    },
  )

  test('no two ends in which nothing runs are called alike in cards and lists', async () => {
    const bad: readonly OutcomeCode[] = [
      'denied',
      'cooling_down',
      'denied_by_policy',
      'nobody_can',
      'timed_out',
      'nobody_reachable',
      'denial_stands',
      'cancelled',
      'revised',
      'narrowed',
      'nothing_to_undo',
      'agent_revoked',
    ]
    const titles: string[] = []
    for (const code of bad) {
      titles.push(titleOfState(await ways[code]()))
      world.clock.advance(code === 'denied' ? 1 : day)
    }

    expect(new Set(titles)).toHaveProperty('size', bad.length)
  })

  test('a request that waits has none', async () => {
    expect(outcomeOf(await ask(world, 'deploy.start'))).toBeNull()
    expect(outcomeOf(await ask(world, 'freeze.deploy'))).toBeNull()
  })
})

describe('nobody-reachable: it expired, and no channel is known to have reached anybody', () => {
  const failing = (fault: typeof lost) => {
    const channel = testChannel()
    channel.fail = (call) => (call.startsWith('post') ? { fault, tookEffect: false } : null)
    return channel
  }

  test.each([
    ['every posting was refused', refused],
    ['no posting was answered', lost],
  ])('%s', async (_, fault) => {
    const { id } = await ask(world, 'deploy.start')
    await announce(world.ports, failing(fault), id).catch(() => {})

    const request = await overdue(id)

    expect(request.outcome).toBe('No channel reached anybody in time.')
    expect(outcomeOf(request)).toBe('nobody_reachable')
  })

  test('control: one card that was posted reached somebody, also when it was deleted since', async () => {
    const id = await posted('deploy.start')
    const [card] = await store.cards(id)
    if (!card) throw new Error('no card')
    await store.commit({
      cards: [{ expected: card.version, next: { ...card, version: card.version + 1, status: 'replaced' } }],
      entries: [],
    })

    expect(outcomeOf(await overdue(id))).toBe('timed_out')
  })

  test('control: whoever agreed, or escalated, without a card was reached', async () => {
    const agreed = await ask(world, 'db.export')
    await click(world, agreed.id, 'U0BOB')
    const escalated = await ask(world, 'node.drain')
    await escalate(world.ports, { ...attemptBy(escalated.id, 'U0GRACE'), reason: 'It burns.' })

    expect(outcomeOf(await overdue(agreed.id))).toBe('timed_out')
    expect(outcomeOf(await overdue(escalated.id))).toBe('timed_out')
  })
})
