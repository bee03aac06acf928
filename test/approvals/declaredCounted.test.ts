import { expect, test } from 'vitest'
import { submit } from '../../src/approvals/submit.ts'
import { countedBundle, countedFiles } from '../support/countedBundle.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { actionOn } from '../support/setWorld.ts'
import { click, envelope, submission, testWorld } from '../support/world.ts'

const byAgent = countedFiles['bundle.yaml']?.replace(
  'payouts_a_day: {actions: [payout.create], per: resource',
  'payouts_a_day: {actions: [payout.create], per: agent',
)
const rules = `
- id: no-more-payouts
  description: Nobody lets through more than one payout a day.
  match: {actions: [payout.create]}
  when: budget.payouts_a_day.count > 1
  verdict: deny
`

test('a rollback that is let through with its action counts after it: a rule that denies beyond a number does', async () => {
  const policy = countedBundle({ 'bundle.yaml': byAgent ?? '', 'rules/counted.yaml': rules })
  const world = await testWorld({ store: memoryStore(), policy })
  const { request } = await submit(world.ports, envelope(world), {
    ...submission('payout.create'),
    rollback: actionOn('payout.create', 'warehouse.back'),
  })
  expect(request.state).toBe('pending')

  await click(world, request.id, 'U0GRACE')

  const [rollback] = await world.store.rollbacksOf([request.id])
  const first = await world.store.request(request.id)
  expect([first?.state, rollback?.state]).toEqual(['approved', 'denied'])
})
