import { expect, test } from 'vitest'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { bundleFiles, bundleYaml, loaded } from '../../policy/files.ts'

const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  refund.create: {effect: write, params: {amount: {amount: {currency: EUR}}, tip: {amount: {currency: EUR}}}}
  refund.other: {effect: write, params: {amount: {amount: {currency: EUR}}, tip: {amount: {currency: EUR}}}}
`
const inventory = (...ids: readonly string[]) =>
  `apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n${ids
    .map((id) => `  - {match: {type: order, id: "${id}"}, sensitivity: internal}\n`)
    .join('')}`

const rule =
  '- {id: r, description: A rule., match: {actions: [refund.create]}, when: budget.refunds.count <= 20, verdict: allow}\n'
const withBudget = (line: string, ids = ['*']) =>
  loaded(
    bundleFiles({
      'bundle.yaml': `${bundleYaml}budgets:\n  refunds: ${line}\n`,
      'actions.yaml': actions,
      'resources.yaml': inventory(...ids),
      'rules/r.yaml': rule,
    }),
  )
const line = '{actions: ["refund.*"], per: agent, window: 24h, of: all, sum: amount}'
const told = (from: string, to: string) =>
  loosened(withBudget(from), withBudget(to)).map(({ message }) => message)

test.each([
  [line.replace('"refund.*"', 'refund.create'), 'counts otherwise: refund.other no longer.'],
  [
    line.replace('per: agent', 'per: resource'),
    'counts otherwise: per resource instead of per agent, from nothing on.',
  ],
  [line.replace('24h', '1h'), 'counts otherwise: over 1h instead of 1d.'],
  [line.replace('of: all', 'of: allowed'), 'counts otherwise: only what policy allows by itself.'],
  [line.replace('sum: amount', 'sum: tip'), 'counts otherwise: it adds up "tip" instead of "amount".'],
])('what counts less is told as an edit that can weaken: %s', (to, says) => {
  expect(told(line, to)).toEqual([`The budget refunds ${says}`])
  expect(differenceOf(withBudget(line), withBudget(to)).otherChanges).toEqual(['budget refunds changed'])
})

test.each([
  [line.replace('"refund.*"', 'refund.create'), line],
  [line.replace('24h', '1h'), line],
  [line.replace('of: all', 'of: allowed'), line],
  [line, line.replace(', sum: amount', '')],
])('control: what counts as much, or more, is not: %s', (from, to) => {
  expect(told(from, to)).toEqual([])
})

test('a budget that is new begins at nothing', () => {
  const before = loaded(bundleFiles({ 'actions.yaml': actions, 'resources.yaml': inventory('*') }))

  expect(loosened(before, withBudget(line)).map(({ message }) => message)).toContain(
    'The budget refunds is new: it begins at nothing, whatever was let through before.',
  )
})

test('an entry of the inventory that is new is counted by itself', () => {
  const per = line.replace('per: agent', 'per: resource')

  expect(loosened(withBudget(per), withBudget(per, ['*', 'eu-*'])).map(({ message }) => message)).toContain(
    'New entries of the inventory are counted by themselves, from nothing on, by refunds: order eu-*.',
  )
})
