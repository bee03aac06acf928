import { describe, expect, test } from 'vitest'
import { many, shop, suggestedFor, withParams } from './record.ts'

const granted = many(40, (index) => withParams({ amount_cents: 100 + index * 10 }))

function leftOutOf(files: ReturnType<typeof shop>): readonly string[] {
  const { suggestions, leftOut } = suggestedFor(granted, files)
  expect(suggestions).toEqual([])
  return leftOut.map(({ why }) => why)
}

describe('nothing is suggested where', () => {
  test('a rule about the action goes by a budget', () => {
    const budgeted = {
      'bundle.yaml': `${shop().get('bundle.yaml')}budgets:\n  a_day: {actions: [refund.create], per: agent, window: 24h, of: allowed}\n`,
      'rules/budget.yaml': `- id: money.budget
  description: Many refunds of an agent in one day need a platform lead.
  match: {actions: [refund.create]}
  when: budget.a_day.count > 20
  verdict: require_approval
`,
    }

    expect(leftOutOf(shop(budgeted))).toEqual(['counted'])
  })

  test('a rule about the action goes by what the run has read, of which a suggestion says nothing', () => {
    const afterReading = {
      'bundle.yaml': `${shop().get('bundle.yaml')}run: {window: 1h}\n`,
      'rules/run.yaml': `- id: money.after-reading
  description: Whoever has read restricted data asks before money moves.
  match: {actions: [refund.create]}
  when: '"restricted" in run.sensitivities'
  verdict: require_approval
`,
    }

    expect(leftOutOf(shop(afterReading))).toEqual(['beyond'])
  })

  test('a rule about the action goes by another resource, of which a suggestion says nothing', () => {
    const other = {
      'actions.yaml': `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  refund.create:
    effect: write
    params: {order: string, amount_cents: int, currency: string, note: string?, tags: {list?: string}}
    resources: {bought: {type: order, from: params.order}}
`,
      'rules/other.yaml': `- id: money.sensitive
  description: What is paid back for a sensitive order needs a platform lead.
  match: {actions: [refund.create]}
  when: resources.bought.sensitivity != "internal"
  verdict: require_approval
`,
    }

    expect(leftOutOf(shop(other))).toEqual(['beyond'])
  })
})

test('control: where no rule goes by any of them, it is', () => {
  expect(suggestedFor(granted, shop()).suggestions).toHaveLength(1)
})
