import { Client, type Pool } from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import { askedBy, emergenciesFor, reviewsFor, waitingFor } from '../../src/approvals/lists.ts'
import { oneLook } from '../../src/approvals/oneLook.ts'
import { askingQuery, behindQuery, ownQuery } from '../../src/store/read/listed.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Twenty that ask Bob, and above them a flood that asks others: 3,000 that wait. */
async function flooded() {
  const { store, pool } = await opened()
  const world = await testWorld({ store, policy: bundleWithDefaults('max_pending: 5000') })
  for (let nth = 0; nth < 20; nth += 1) await ask(world, 'db.export')
  await ask(world, 'deploy.start')
  await copy(pool, { state: 'denied', count: 6_000 })
  await copy(pool, { state: 'pending', count: 2_979 })
  await pool.query('ANALYZE')
  return { world, pool }
}

/** Many more of what was asked last, newer than all that was asked. */
async function copy(
  pool: Pool,
  { state, count }: { state: 'pending' | 'denied'; count: number },
): Promise<void> {
  const kept = `version, action, digest, effect, agent_id, agent, initiator, behind, behind_people, reason, run, verdict,
    requirement, decisions, outcome, body_digest, created_at, expires_at, settled_at`
  await pool.query(
    `INSERT INTO action_requests (id, idempotency_key, state, ${kept})
     SELECT 'req_0copy' || lpad(n::text, 6, '0') || $2, $2 || n, $2, ${kept}
     FROM action_requests, generate_series(1, $1) AS n WHERE id = (
       SELECT max(id) FROM action_requests WHERE id NOT LIKE 'req_0copy%')`,
    [count, state],
  )
  await pool.query(
    `INSERT INTO request_people SELECT person, a.id FROM action_requests a, unnest(a.behind_people) AS person
     ON CONFLICT DO NOTHING`,
  )
}

/** How many statements about our tables something sends, by whatever way. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const sent = vi.spyOn(Client.prototype, 'query')
  onTestFinished(() => sent.mockRestore())
  await work()
  const texts = sent.mock.calls.map(([query]) =>
    typeof query === 'string' ? query : Reflect.get(query, 'text'),
  )
  sent.mockRestore()
  return texts.filter((text) =>
    /\b(action_requests|request_people|linked_accounts|agents|countersign_commit)\b/.test(text),
  )
}

/** Every list of somebody, with the views that are shown of it. */
async function everyList(world: World, user: string) {
  const account = await world.directory.account(`slack:${user}`)
  const ports = await oneLook(world.ports, account)
  const found = await Promise.all(
    [waitingFor, emergenciesFor, reviewsFor, askedBy].map((list) => list(ports, account)),
  )
  await Promise.all(found.flat().map((request) => viewOf(ports, request)))
  return found.map((list) => list.length)
}

test('of 3,000 that wait, everybody has their lists for a handful of statements', async () => {
  const { world } = await flooded()
  world.directory.groups.get('S0PLATFORM')?.push('U0LEE')
  const costs = async (user: string) => {
    await everyList(world, user) // who is seen for the first time is added
    let lists: readonly number[] = []
    const statements = await statementsOf(async () => {
      lists = await everyList(world, user)
    })
    return { lists, statements: statements.length }
  }

  const [bob, grace, lee] = [await costs('U0BOB'), await costs('U0GRACE'), await costs('U0LEE')]

  expect(bob.lists, 'twenty ask Bob').toEqual([20, 0, 0, 0])
  expect(grace.lists, 'the others ask Grace').toEqual([100, 0, 0, 0])
  expect(lee.lists, 'they ask Lee too, who is behind them').toEqual([0, 0, 0, 20])
  for (const { statements } of [bob, grace, lee]) expect(statements).toBeLessThanOrEqual(20)

  const account = await world.directory.account('slack:U0BOB')
  const anew = await statementsOf(() => waitingFor(world.ports, account))
  expect(anew.length, 'control: where each is asked about anew').toBeGreaterThan(2 * 20)
})

test('pages of a list are the list', async () => {
  const world = await testWorld({ policy: bundleWithDefaults('max_pending: 5000') })
  for (let nth = 0; nth < 20; nth += 1) await ask(world, nth % 3 === 1 ? 'deploy.start' : 'db.export')
  const account = await world.directory.account('slack:U0BOB')
  const ports = await oneLook(world.ports, account)
  const all = (await waitingFor(ports, account)).map(({ id }) => id)

  const pages: (readonly string[])[] = []
  do {
    const before = pages.at(-1)?.at(-1)
    const page = await waitingFor(ports, account, { most: 4, ...(before !== undefined && { before }) })
    pages.push(page.map(({ id }) => id))
  } while (pages.at(-1)?.length === 4)

  expect(pages.map(({ length }) => length)).toEqual([4, 4, 4, 1])
  expect(pages.flat()).toEqual(all)
})

test('each list is read along its index', async () => {
  const { world, pool } = await flooded()
  const planOf = async (text: string, values: unknown[]) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  for (const before of [undefined, 'req_0copy000100']) {
    const page = { limit: 20, ...(before !== undefined && { before }) }
    const waits = askingQuery({ waits: 'decision', ...page })
    const plan = await planOf(waits.text, waits.values)
    expect(plan).toContain('Index Scan Backward using action_requests_state_id_idx')
    expect(plan).not.toMatch(/Seq Scan|Sort/)

    const review = askingQuery({ waits: 'review', ...page })
    expect(await planOf(review.text, review.values)).toContain('using action_requests_under_review_idx')

    const people = [[world.agent.agent.owner, 'per_other'], before ?? null, 20]
    const behind = await planOf(behindQuery, people)
    expect(behind).toContain('Index Only Scan Backward using request_people_pkey')
    expect(behind).toMatch(/Scan (using|on) action_requests_pkey/)
    expect(behind).not.toContain('Seq Scan')
  }
})

test('what one agent asked for is looked through so far at a time, along an index, and nobody waits for more', async () => {
  const { world, pool } = await flooded()
  const { store } = world
  const agent = world.agent.agent.id
  const every = { agent, limit: 100 } as const

  for (const page of [{}, { before: 'req_0copy000100' }]) {
    const plans = [ownQuery({ ...every, ...page }), ownQuery({ ...every, ...page, states: ['pending'] })]
    const [all, pending] = await Promise.all(
      plans.map(async ({ text, values }) => {
        const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      }),
    )
    expect(all).toContain('Scan Backward using action_requests_agent_id_id_idx')
    expect(pending).toMatch(/action_requests_(pending_by_agent|agent_id_id|state_id)_idx/)
    for (const plan of [all, pending]) expect(plan).not.toContain('Seq Scan')
  }

  const pages = []
  let before: string | undefined
  do {
    const page = await store.requestsOfAgent({ ...every, states: ['cancelled'], ...(before && { before }) })
    pages.push(page.requests.length)
    before = page.next ?? undefined
  } while (before !== undefined)
  expect(pages, 'of 9,000, a thousand at a time').toEqual(Array.from({ length: 10 }, () => 0))

  const ids = []
  do {
    const page = await store.requestsOfAgent({ ...every, action: 'db.export', ...(before && { before }) })
    ids.push(...page.requests.map(({ id }) => id))
    before = page.next ?? undefined
  } while (before !== undefined)
  expect(ids, 'however far back').toHaveLength(20)
})
