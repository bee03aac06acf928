import type { Bundle } from '../../src/policy/bundle.ts'
import { bundleFiles, testBundle } from './testBundle.ts'

/** The bundle of tests with refunds: twenty a day of each agent go without a person, and the rest are asked about. */
export const countedFiles: Readonly<Record<string, string>> = {
  ...bundleFiles,
  'bundle.yaml': `${bundleFiles['bundle.yaml']}budgets:
  refunds_a_day: {actions: [refund.create], per: agent, window: 24h, of: allowed}
  euros_a_day: {actions: [refund.create], per: agent, window: 24h, of: allowed, sum: amount}
  payouts_a_day: {actions: [payout.create], per: resource, window: 24h, of: all}
`,
  'actions.yaml': `${bundleFiles['actions.yaml']}  refund.create: {effect: write, params: {amount: {amount: {currency: EUR}}}}
  payout.create: {effect: write, params: open}
`,
  'rules/counted.yaml': `
- id: refund
  description: Twenty refunds a day go by themselves, and 1,000 euros.
  match: {actions: [refund.create]}
  when: budget.refunds_a_day.count <= 20 && budget.euros_a_day.sum <= 100000
  verdict: allow
- id: payout
  description: Two payouts a day go by themselves.
  match: {actions: [payout.create]}
  when: budget.payouts_a_day.count <= 2
  verdict: allow
`,
}

export function countedBundle(changes: Readonly<Record<string, string>> = {}): Bundle {
  return testBundle({ ...countedFiles, ...changes })
}
