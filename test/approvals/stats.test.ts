import { expect, test } from 'vitest'
import { statsFor } from '../../src/approvals/stats.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click, testWorld } from '../support/world.ts'

const policy = testBundle({
  ...bundleFiles,
  'actions.yaml': (bundleFiles['actions.yaml'] ?? '').replace(
    'node.drain: {effect: write, params: open}',
    'node.drain: {effect: write, params: {rows: int, note: string?}}',
  ),
  'bundle.yaml': `${bundleFiles['bundle.yaml']}stop: {who: [group:security]}\n`,
})

async function decidedAgainAndAgain(given: (request: ActionRequest) => ActionRequest = (same) => same) {
  const world = await testWorld({ policy })
  const { id } = await ask(world, 'node.drain')
  await click(world, id, 'U0GRACE')
  const done = await world.store.request(id)
  const again = manyOf(done && given(done))
  const ports = {
    ...world.ports,
    store: {
      ...world.store,
      pastRequests: async function* () {
        yield again.map((one) => ({ ...one, rolledBack: false }))
      },
    },
  }
  const [priya, bob] = await Promise.all(
    ['slack:U0PRIYA', 'slack:U0BOB'].map((address) => world.ports.directory.account(address)),
  )
  if (!priya || !bob) throw new Error('nobody is there')
  return { ports, priya, bob }
}

test('what people decided again and again is told to whom the policy names, and to nobody else', async () => {
  const { ports, priya, bob } = await decidedAgainAndAgain()

  const stats = await statsFor(ports, priya)

  expect(stats?.actions).toMatchObject([{ action: 'node.drain', asked: 28, approved: 28, denied: 0 }])
  expect(stats?.suggestions).toMatchObject([{ verdict: 'allow', action: 'node.drain' }])
  expect(await statsFor(ports, bob)).toBeNull()
})

test('requests with very long parameters are counted, and not held for suggestions', async () => {
  const { ports, priya } = await decidedAgainAndAgain((one) => ({
    ...one,
    action: { ...one.action, params: { ...one.action.params, note: 'x'.repeat(10_000) } },
  }))

  const stats = await statsFor(ports, priya)

  expect(stats?.actions).toMatchObject([{ action: 'node.drain', asked: 28 }])
  expect(stats?.suggestions).toEqual([])
})

test('whoever else waits has a turn after each request that is read again', async () => {
  const { ports, priya } = await decidedAgainAndAgain()
  let [turns, isOver] = [0, false]
  const turn = () => {
    turns += 1
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)

  await statsFor(ports, priya)
  isOver = true

  expect(turns).toBeGreaterThanOrEqual(28)
})

/** The same request once a day for four weeks, decided by two people in turn. */
function manyOf(request: ActionRequest | null): readonly ActionRequest[] {
  if (!request) throw new Error('it is not there')
  return Array.from({ length: 28 }, (_, index) => {
    const earlier = (at: string) => new Date(Date.parse(at) - (27 - index) * 86_400_000).toISOString()
    return {
      ...request,
      id: `req_${String(index).padStart(4, '0')}`,
      createdAt: earlier(request.createdAt),
      verdict: { ...request.verdict, facts: { ...request.verdict.facts, at: earlier(request.createdAt) } },
      decisions: request.decisions.map((one) => ({
        ...one,
        at: earlier(one.at),
        person: index % 2 ? ('per_noor' as const) : one.person,
      })),
    }
  })
}
