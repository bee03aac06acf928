import { describe, expect, test } from 'vitest'
import { sqlHere } from '../../../src/parsing/here.ts'
import { type Ask, askOf } from '../../../src/policy/ask.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { readOutside } from '../../../src/policy/readers/outside.ts'
import { addedTo, beside, type Counted, unknownAction } from '../../../src/policyTools/simulation/beside.ts'
import { recordedOf } from '../../../src/policyTools/simulation/recorded.ts'
import { readTests } from '../../../src/policyTools/tests/readTests.ts'
import { filesIn, loaded } from '../../policy/files.ts'
import { bundleFiles, testBundle } from '../../support/testBundle.ts'

const shipped = filesIn('policies')
const bundle = loaded(shipped)
const readText = await sqlHere()

/** What the tests of the shipped bundle ask, as it would have been judged and recorded. */
const judged = readTests(bundle, shipped, readText).files.flatMap(({ tests }) =>
  tests.map(({ name, action, facts }) => {
    const ask: Ask = { ...askOf(action, facts), ...readOutside(bundle, action, readText) }
    const { verdict } = evaluate(bundle, ask)
    return { id: name, action, agent: { name: ask.agent.name }, verdict: JSON.parse(JSON.stringify(verdict)) }
  }),
)

describe('a bundle beside itself', () => {
  test('judges everything that the shipped tests ask as it was judged, by the facts that were recorded', () => {
    const again = loaded(shipped)
    const kinds = judged.map((one) => {
      const recorded = recordedOf(one)
      if (!recorded) throw new Error('the facts of a verdict are readable')
      return beside(bundle, again, recorded)
    })

    expect(judged.length).toBeGreaterThan(100)
    expect(kinds.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([])
    expect(kinds.map(({ from }) => from)).toEqual(judged.map(({ verdict }) => verdict.kind))
  })

  test('control: with a rule less, some of it would be looser', () => {
    const files = new Map(shipped)
    const [rules = ''] = [...files.keys()].filter((path) => path.startsWith('rules/'))
    files.delete(rules)
    const fewer = loaded(files)

    const outcomes = new Set(
      judged.flatMap((one) => {
        const recorded = recordedOf(one)
        return recorded ? [beside(bundle, fewer, recorded).outcome] : []
      }),
    )

    expect(outcomes.size).toBeGreaterThan(1)
  })
})

describe('what would differ', () => {
  const base = testBundle()
  const asked = (action: string) => ({
    id: 'req_1',
    ask: {
      action: { action, resource: { type: 'table', id: 'x' }, params: {}, environment: 'prod' },
      agent: { id: 'agt_1', name: 'one' },
      at: '2026-11-24T14:00:00.000Z',
    },
  })

  test('is told by requirement, though people are asked before and after', () => {
    const head = testBundle({
      ...bundleFiles,
      'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '').replace('expires_in: 1h', 'expires_in: 2h'),
    })

    expect(beside(base, head, asked('deploy.start'))).toMatchObject({
      outcome: 'loosened',
      action: 'deploy.start',
      from: expect.stringContaining('require_approval'),
      differences: [{ field: 'expires_in', from: '1h', to: '2h' }],
    })
  })

  test('names no action that neither knows: agents choose those', () => {
    const head = testBundle({
      ...bundleFiles,
      'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '').replace(
        'unknown_action: deny',
        'unknown_action: require_approval',
      ),
    })

    expect(beside(base, head, asked('made.up'))).toMatchObject({ outcome: 'loosened', action: unknownAction })
  })

  test('is moved where only other people hear of it', () => {
    const head = testBundle({
      ...bundleFiles,
      'bundle.yaml': (bundleFiles['bundle.yaml'] ?? '').replace('remind: [15m]', 'remind: [20m]'),
    })

    expect(beside(base, head, asked('deploy.start'))).toEqual({
      outcome: 'moved',
      action: '',
      from: 'require_approval',
      to: 'require_approval',
      differences: [],
    })
  })
})

test('of very many kinds the rest is left out; of one that is known nothing is', () => {
  const kind = (action: string, count = 1): Counted => ({
    outcome: 'loosened',
    action,
    from: 'deny(a)',
    to: 'allow(b)',
    differences: [],
    count,
    examples: [action],
  })
  const two = addedTo(new Map(), [kind('a'), kind('b')], 2)

  const more = [...addedTo(two, [kind('c'), kind('a', 3)], 2).values()]

  expect(more.map(({ action, count }) => [action, count])).toEqual([
    ['a', 4],
    ['b', 1],
  ])
})
