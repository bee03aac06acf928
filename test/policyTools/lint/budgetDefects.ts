import { bundleYaml } from '../../policy/files.ts'
import type { Defect } from './defect.ts'
import { environments, windows } from './seed.ts'

const bundle = `${bundleYaml}budgets:
  refunds: {actions: [refund.create], per: agent, window: 24h, of: allowed}
  refunded: {actions: [refund.create], per: agent, window: 24h, of: allowed, sum: amount}
  tables: {actions: [db.export], per: resource, window: 24h, of: allowed}
${environments}${windows}`
const onlyRefunds = bundle.replace(/ {2}(refunded|tables): .*\n/g, '')
const onlyTables = bundle.replace(/ {2}(refunds|refunded): .*\n/g, '')
const onlyRefunded = bundle.replace(/ {2}(refunds|tables): .*\n/g, '')
const refund = { match: 'actions: [refund.create]', verdict: 'allow' } as const

/** What counts, and how rules go by it. */
export const budgetDefects: readonly Defect[] = [
  {
    code: 'budget/unread',
    what: 'a budget that counts and decides nothing',
    rule: null,
    bundle: onlyRefunds,
    seeds: [{ ...refund, when: 'params.amount <= 100' }],
    fixed: [{ ...refund, when: 'budget.refunds.count <= 20' }],
  },
  {
    code: 'allow/unbounded',
    what: 'what a budget counts from some number on, without end',
    bundle: onlyRefunds,
    seeds: [{ ...refund, when: 'budget.refunds.count >= 5' }],
    fixed: [{ ...refund, when: 'budget.refunds.count >= 5 && budget.refunds.count <= 20' }],
  },
  {
    code: 'allow/unbounded',
    what: 'an amount from something on, which is above zero in any case',
    bundle: onlyRefunded,
    seeds: [{ ...refund, when: 'params.amount >= 5 && budget.refunded.sum <= 100' }],
    fixed: [{ ...refund, when: 'params.amount <= 5 && budget.refunded.sum <= 100' }],
  },
  {
    code: 'allow/untied-resource',
    what: 'a budget of each table, and a parameter that names another',
    bundle: onlyTables,
    seeds: [{ verdict: 'allow', when: 'budget.tables.count <= 5' }],
    fixed: [{ verdict: 'allow', when: 'budget.tables.count <= 5 && resource.id == params.table' }],
  },
]
