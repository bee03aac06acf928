import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf } from '../../src/policy/ask.ts'
import { sameUpTo } from '../../src/policy/counted.ts'
import { evaluate, evaluateWithFacts } from '../../src/policy/evaluate.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  refund.create: {effect: write, params: {amount: {amount: {currency: EUR}}, tip: {amount?: {currency: EUR}}, cents: int}}
  refund.other: {effect: write, params: {amount: {amount: {currency: USD}}}}
  payout.create: {effect: write, params: {yen: {amount: {currency: JPY}}}}
  secret.pay: {effect: write, params: {amount: {type: {amount: {currency: EUR}}, sensitive: true}}}
`
const budget = (line: string) => ({
  'bundle.yaml': `${bundleYaml}budgets:\n  refunds_a_day: ${line}\n`,
  'actions.yaml': actions,
})
const counting = '{actions: [refund.create], per: agent, window: 24h, of: allowed}'
const adding = '{actions: [refund.create], per: agent, window: 24h, of: allowed, sum: amount}'
const rule = (when: string, more = '') =>
  `- {id: r, description: A rule., match: {actions: [refund.create]}, when: '${when}', verdict: allow}\n${more}`

const found = (line: string, when?: string) =>
  refused(bundleFiles({ ...budget(line), ...(when && { 'rules/r.yaml': rule(when) }) })).map(
    ({ code, message }) => `${code} ${message}`,
  )

describe('a budget is refused', () => {
  test.each([
    [
      '{actions: [refund.crate], per: agent, window: 24h, of: allowed}',
      'match/unknown-action "refund.crate" matches no action in actions.yaml. Did you mean "refund.create"?',
    ],
    [
      '{actions: [refund.create], per: person, window: 24h, of: allowed}',
      'schema/value `per` must be agent or initiator or resource',
    ],
    [
      '{actions: [refund.create], per: agent, window: 31d, of: allowed}',
      'schema/value `window` must be a duration of at most 30 days',
    ],
    [
      '{actions: [refund.create], per: agent, window: 24h, of: some}',
      'schema/value `of` must be allowed or all.',
    ],
    [
      adding.replace('sum: amount', 'sum: amont'),
      'budget/sum refund.create has no parameter "amont". Did you mean "amount"?',
    ],
    [
      adding.replace('sum: amount', 'sum: cents'),
      'budget/sum "cents" of refund.create is not declared as an amount',
    ],
    [adding.replace('sum: amount', 'sum: tip'), 'budget/sum "tip" of refund.create may be left out'],
    [adding.replace('refund.create', '"refund.*"'), 'budget/sum The actions have amounts in EUR and USD'],
    [adding.replace('refund.create', 'secret.pay'), 'budget/sum "amount" of secret.pay is sensitive'],
  ])('%s', (line, says) => {
    expect(found(line)).toEqual([expect.stringContaining(says)])
  })

  test('with a name that no condition can write', () => {
    const files = bundleFiles({
      'bundle.yaml': `${bundleYaml}budgets: {refunds-a-day: ${counting}}\n`,
      'actions.yaml': actions,
    })

    expect(refused(files)[0]?.message).toContain('must begin with a small letter')
  })
})

describe('a condition is refused', () => {
  test.each([
    [
      'budget.refund_a_day.count <= 20',
      'cel/unknown-field "budget" has no field "refund_a_day" in refund.create. Did you mean "refunds_a_day"?',
    ],
    [
      'budget.refunds_a_day.sum <= 20',
      'cel/unknown-field "budget.refunds_a_day" has no field "sum". Known: count.',
    ],
    ['budget.refunds_a_day.count <= params.cents', 'cel/budget'],
    ['budget.refunds_a_day.count + 1 <= 20', 'cel/budget'],
    ['budget.refunds_a_day.count in [1, 2]', 'cel/budget'],
    ['has(budget.refunds_a_day)', 'cel/budget'],
    ['budget.refunds_a_day.count <= 20.5', 'cel/budget'],
    ['budget.refunds_a_day.count <= 9007199254740993', 'cel/budget'],
    ['"refunds_a_day" in budget', 'cel/budget'],
  ])('%s', (when, says) => {
    expect(found(counting, when)[0]).toContain(says)
  })

  test('where the rule is about an action that the budget does not count', () => {
    const other = rule('budget.refunds_a_day.count <= 20').replace('refund.create', 'refund.other')
    const problems = refused(bundleFiles({ ...budget(counting), 'rules/r.yaml': other }))

    expect(problems[0]?.message).toContain('"budget" has no field "refunds_a_day" in refund.other')
  })

  test('control: a bundle without budgets may use the name for its own', () => {
    const files = bundleFiles({
      'actions.yaml': actions,
      'rules/r.yaml': rule('[params.cents].exists(budget, budget > 5)'),
    })

    expect(loaded(files).rules).toHaveLength(1)
  })
})

const ask = {
  action: {
    action: 'refund.create',
    resource: { type: 'order', id: '1' },
    params: { amount: 100, cents: 1 },
    environment: 'prod',
  },
  agent: { id: 'agt_1', name: 'billing-agent', owner: { id: 'per_lee' } },
  at: '2026-11-24T14:00:00Z',
} as const

describe('everything is judged alike up to the next number that a rule names', () => {
  const operators = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
  const comparison = fc
    .tuple(operators, fc.integer({ min: 0, max: 12 }), fc.boolean())
    .map(([operator, limit, isLeft]) =>
      isLeft
        ? `budget.refunds_a_day.count ${operator} ${limit}`
        : `${limit} ${operator} budget.refunds_a_day.count`,
    )

  test('whatever the comparisons, and not beyond it', () => {
    fc.assert(
      fc.property(
        fc.array(comparison, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 14 }),
        (parts, value) => {
          const bundle = loaded(
            bundleFiles({ ...budget(counting), 'rules/r.yaml': rule(parts.join(' || ')) }),
          )
          const verdictAt = (count: number) =>
            evaluate(bundle, { ...ask, budget: { refunds_a_day: { count } } }).verdict.kind
          const counted = bundle.counted.get('refund.create')
          if (!counted) throw new Error('the action is not counted')
          const most = sameUpTo(counted, { budget: 'refunds_a_day', of: 'count', value })

          for (let count = value; count <= (most ?? 40); count += 1)
            expect(verdictAt(count)).toBe(verdictAt(value))
        },
      ),
      { numRuns: 60 },
    )
  })

  test.each([
    ['count <= 20', 3, 20],
    ['count <= 20', 20, 20],
    ['count <= 20', 21, null],
    ['count < 20', 3, 19],
    ['count == 5', 3, 4],
    ['count == 5', 5, 5],
  ])('%s at %i: up to %j', (when, value, most) => {
    const bundle = loaded(
      bundleFiles({ ...budget(counting), 'rules/r.yaml': rule(`budget.refunds_a_day.${when}`) }),
    )
    const counted = bundle.counted.get('refund.create')

    expect(counted && sameUpTo(counted, { budget: 'refunds_a_day', of: 'count', value })).toBe(most)
  })
})

describe('what people read', () => {
  const over = (line: string, when: string, numbers: { count: number; sum?: number }) => {
    const bundle = loaded(bundleFiles({ ...budget(line), 'rules/r.yaml': rule(when) }))
    const { verdict } = evaluate(bundle, { ...ask, budget: { refunds_a_day: numbers } })
    return verdict.facts.over
  }

  test.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [11, '11th'],
    [122, '122nd'],
    [1_011, '1,011th'],
  ])('the %i is the %s', (count, nth) => {
    expect(over(counting, 'budget.refunds_a_day.count < 1', { count })).toMatchObject([
      { says: expect.stringContaining(`This is the ${nth} in 24 hours for this agent`) },
    ])
  })

  test.each([
    ['48h', '2 days'],
    ['1d', '24 hours'],
    ['1h', '1 hour'],
    ['90m', '90 minutes'],
  ])('a window of %s is %s', (window, says) => {
    const line = counting.replace('24h', window)
    expect(over(line, 'budget.refunds_a_day.count < 1', { count: 1 })).toMatchObject([
      { says: expect.stringContaining(` in ${says} for`) },
    ])
  })

  test('a denial says the limit, and a currency without cents has none', () => {
    const denying =
      '- {id: d, description: Enough., match: {actions: [payout.create]}, when: budget.refunds_a_day.sum > 5000, verdict: deny}\n'
    const line = '{actions: [payout.create], per: resource, window: 24h, of: all, sum: yen}'
    const bundle = loaded(bundleFiles({ ...budget(line), 'rules/d.yaml': denying }))
    const action = { ...ask.action, action: 'payout.create', params: { yen: 5 } }

    const { verdict } = evaluate(bundle, {
      ...ask,
      action,
      budget: { refunds_a_day: { count: 2, sum: 12_345 } },
    })

    expect(verdict.facts.over).toMatchObject([
      {
        says: 'With this one it is 12,345 JPY in 24 hours for this resource (refunds_a_day); the limit is 5,000 JPY.',
      },
    ])
  })

  test('within it nothing is said, nor of a rule that only watches', () => {
    const watching = rule('budget.refunds_a_day.count <= 20').replace(
      'verdict: allow',
      'mode: observe, verdict: allow',
    )
    const bundle = loaded(bundleFiles({ ...budget(counting), 'rules/r.yaml': watching }))

    expect(
      evaluate(bundle, { ...ask, budget: { refunds_a_day: { count: 21 } } }).verdict.facts.over,
    ).toBeUndefined()
    expect(
      over(counting, 'budget.refunds_a_day.count <= 20 && params.cents > 5', { count: 20 }),
    ).toBeUndefined()
  })
})

test('what was recorded is judged the same again, and what is not known counts the stricter way', () => {
  const bundle = loaded(
    bundleFiles({ ...budget(counting), 'rules/r.yaml': rule('budget.refunds_a_day.count <= 20') }),
  )
  const facts = factsOf(bundle, { ...ask, budget: { refunds_a_day: { count: 20 } } })

  expect(evaluateWithFacts(bundle, ask.action, facts).verdict.kind).toBe('allow')
  expect(evaluate(bundle, ask).verdict).toMatchObject({
    kind: 'require_approval',
    errors: [expect.stringContaining('`when` of rule r could not be evaluated and counts as false')],
  })
})
