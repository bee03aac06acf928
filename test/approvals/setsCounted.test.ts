import { beforeEach, expect, test } from 'vitest'
import { countedBundle, countedFiles } from '../support/countedBundle.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { askTogether, clickAll, statesIn } from '../support/setWorld.ts'
import { testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld({ store: memoryStore(), policy: countedBundle() })
})

const refunds = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({
    action: {
      action: 'refund.create',
      resource: { type: 'table', id: `warehouse.t${nth}` },
      params: { amount: 100 },
      environment: 'prod',
    },
    involved: [],
  }))

test('a budget counts the members of a set one after the other: what is over it is asked about', async () => {
  await askTogether(world, refunds(15))
  const set = await askTogether(world, refunds(8), { by: { idempotencyKey: 'second' } })

  expect(await statesIn(world, set)).toEqual([
    ...Array.from({ length: 5 }, () => 'approved'),
    ...Array.from({ length: 3 }, () => 'pending'),
  ])
})

test('what people let through together is counted one after the other, too: a rule that denies beyond a number does', async () => {
  const rules = `${countedFiles['rules/counted.yaml']}
- id: no-more-payouts
  description: Nobody lets through more than three payouts a day.
  match: {actions: [payout.create]}
  when: budget.payouts_a_day.count > 3
  verdict: deny
  message: Three payouts a day are all there are.
`
  const byAgent = countedFiles['bundle.yaml']?.replace(
    'payouts_a_day: {actions: [payout.create], per: resource',
    'payouts_a_day: {actions: [payout.create], per: agent',
  )
  const waiting = rules.replace(
    'when: budget.payouts_a_day.count <= 2',
    'when: budget.payouts_a_day.count <= 0',
  )
  world.setPolicy(countedBundle({ 'bundle.yaml': byAgent ?? '', 'rules/counted.yaml': waiting }))
  const set = await askTogether(world, ['payout.create', 'payout.create', 'payout.create', 'payout.create'])
  expect(await statesIn(world, set)).toEqual(Array.from({ length: 4 }, () => 'pending'))

  await clickAll(world, set, 'U0GRACE')

  expect(await statesIn(world, set)).toEqual(['approved', 'approved', 'approved', 'denied'])
})
