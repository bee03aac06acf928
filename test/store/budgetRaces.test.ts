import { expect, test } from 'vitest'
import { rememberRegistry } from '../../src/approvals/people/registry.ts'
import { submit } from '../../src/approvals/submit.ts'
import type { State } from '../../src/core/lifecycle.ts'
import { countedBundle, countedFiles } from '../support/countedBundle.ts'
import { agesOf } from '../support/testClock.ts'
import { envelope, submission, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database. */
async function replicas(policy = countedBundle()) {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store, policy })
  const { store } = second
  const there: World = {
    ...world,
    store,
    ports: { ...world.ports, store, registry: rememberRegistry(store, agesOf(world.clock)) },
  }
  return { first, world, there }
}

const refund = async (world: World, amount = 100) =>
  (await submit(world.ports, envelope(world), submission('refund.create', { params: { amount } }))).request

function tally(made: readonly { readonly state: State }[]) {
  return {
    approved: made.filter(({ state }) => state === 'approved').length,
    pending: made.filter(({ state }) => state === 'pending').length,
  }
}

const fifty = Array.from({ length: 50 }, (_, nth) => nth)
const patient =
  countedFiles['bundle.yaml']?.replace('  deny_count: 1\n', '  deny_count: 1\n  max_pending: 1000\n') ?? ''
const rules = (
  when: string,
) => `- {id: refund, description: Some go by themselves., match: {actions: [refund.create]}, when: '${when}', verdict: allow}
- {id: payout, description: Payouts., match: {actions: [payout.create]}, verdict: require_approval}
`

test('two-replicas: counter-race: at 19 of 20, of fifty at both at once exactly one goes', async () => {
  const { first, world, there } = await replicas(countedBundle({ 'bundle.yaml': patient }))
  for (let nth = 0; nth < 19; nth += 1) await refund(world)

  const made = await Promise.all(fifty.map((nth) => refund(nth % 2 ? world : there)))

  expect(tally(made)).toEqual({ approved: 1, pending: 49 })
  const { rows } = await first.pool.query('SELECT DISTINCT key FROM budget_entries')
  expect(rows).toHaveLength(2)
})

test('two-replicas: counter-race: a sum is never passed, whatever the amounts', async () => {
  const when = 'budget.euros_a_day.sum <= 100000'
  const policy = countedBundle({ 'bundle.yaml': patient, 'rules/counted.yaml': rules(when) })
  const { first, world, there } = await replicas(policy)

  await Promise.all(fifty.map((nth) => refund(nth % 2 ? world : there, 3_000 + 97 * nth)))

  const { rows } = await first.pool.query<{ sum: string }>(
    `SELECT sum(amount) FROM budget_entries WHERE key LIKE '%euros_a_day%'`,
  )
  expect(Number(rows[0]?.sum)).toBeLessThanOrEqual(100_000)
  // No more than what the largest of them could not have fitted into is left.
  expect(Number(rows[0]?.sum)).toBeGreaterThan(100_000 - 3_000 - 97 * 49)
})

test('control: without the comparison in the commit all fifty go', async () => {
  const { first, world, there } = await replicas(countedBundle({ 'bundle.yaml': patient }))
  for (let nth = 0; nth < 19; nth += 1) await refund(world)
  const blind = ({ ports, ...rest }: World): World => ({
    ...rest,
    ports: {
      ...ports,
      store: {
        ...ports.store,
        budgetNumbers: async (asked) =>
          asked.map(() => ({ count: 19, sum: 1_900, added: 19, amount: '1900' })),
        commit: ({ budgetReads: _, ...change }) => ports.store.commit(change),
      },
    },
  })

  const made = await Promise.all(fifty.map((nth) => refund(blind(nth % 2 ? world : there))))

  expect(tally(made)).toEqual({ approved: 50, pending: 0 })
  const { rows } = await first.pool.query('SELECT 1 FROM budget_entries')
  expect(rows).toHaveLength(2 * 69)
})

test('two-replicas: two budgets that rules read in opposite order neither wait for each other nor pass their limits', async () => {
  const one = 'budget.refunds_a_day.count <= 20 && budget.euros_a_day.sum <= 100000'
  const other = 'budget.euros_a_day.sum <= 100000 && budget.refunds_a_day.count <= 20'
  const { world, there } = await replicas(
    countedBundle({ 'bundle.yaml': patient, 'rules/counted.yaml': rules(one) }),
  )
  const turned = countedBundle({ 'bundle.yaml': patient, 'rules/counted.yaml': rules(other) })
  const opposite: World = { ...there, ports: { ...there.ports, policy: () => turned } }
  // Both replicas go by the bundle that is active; only the order in which it was written differs here.
  const judged = { ...turned, digest: world.ports.policy()?.digest ?? turned.digest }
  const same: World = { ...opposite, ports: { ...opposite.ports, policy: () => judged } }

  const made = await Promise.all(fifty.map((nth) => refund(nth % 2 ? world : same)))

  expect(tally(made)).toEqual({ approved: 20, pending: 30 })
})

test('a commit that fails leaves nothing counted', async () => {
  const { first, world } = await replicas()
  await first.pool.query(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'`,
  )
  await first.pool.query(
    'CREATE TRIGGER refuse BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION refuse()',
  )

  await expect(refund(world)).rejects.toThrow()
  await first.pool.query('DROP TRIGGER refuse ON entries')

  for (const table of ['budget_entries', 'budget_heads'])
    expect((await first.pool.query(`SELECT 1 FROM ${table}`)).rows).toEqual([])
  expect((await refund(world)).verdict.facts.budget).toMatchObject({ refunds_a_day: { count: 1 } })
})

test('unconfirmed: an answer that is lost after the commit is counted once, when the same comes again', async () => {
  const { first, world } = await replicas()
  await refund(world)
  const what = submission('refund.create', { params: { amount: 100 } })
  const again = envelope(world)
  const losing: World = {
    ...world,
    ports: {
      ...world.ports,
      store: {
        ...world.ports.store,
        commit: async (change) => {
          await world.ports.store.commit(change)
          throw new Error('the answer was lost')
        },
      },
    },
  }

  await expect(submit(losing.ports, again, what)).rejects.toThrow('lost')
  const { created } = await submit(world.ports, again, what)

  expect(created).toBe(false)
  const { rows } = await first.pool.query(`SELECT 1 FROM budget_entries WHERE key LIKE '%refunds_a_day%'`)
  expect(rows).toHaveLength(2)
})
