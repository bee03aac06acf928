import { expect, test } from 'vitest'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { loaded } from '../../policy/files.ts'
import { asked, many, shop, suggestedFor } from './record.ts'

const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  refund.create: {effect: write, params: {order: string, amount_cents: int, currency: string}}
  refund.force: {effect: write, params: {order: string, amount_cents: int, currency: string}}
`

const rules = `- id: money.refund
  description: A refund needs two platform leads.
  match: {actions: [refund.create, refund.force]}
  verdict: require_approval
  require: {approvals: [{name: platform, from: [group:platform], count: 2}]}
`

test('a rule about several actions keeps asking about those that nobody suggested anything for', () => {
  const files = shop({ 'actions.yaml': actions, 'rules/money.yaml': rules })
  const found = suggestedFor(many(20), files)
  const head = loaded(found.files)
  const forced = asked({ action: { action: 'refund.force' } }).ask

  expect(evaluate(head, asked().ask).verdict.kind).toBe('allow')
  expect(evaluate(head, forced).verdict.rules).toEqual(['money.refund'])
  expect(evaluate(head, forced).requirement?.legs[0]?.count).toBe(2)
})
