import { expect, test } from 'vitest'
import { evaluate, evaluateUnshown } from '../../src/policy/evaluate.ts'
import { changed, example, exportOf } from '../policyTools/change/exampleChanges.ts'

test('without what people are shown, everything that decides is the same', () => {
  const bundles = [null, example, changed('when: params.rows > 1000', 'when: params.rows > 5000')]
  const asks = [exportOf(10, ['id']), exportOf(3_000, ['iban']), exportOf(200_000, ['email'])]
  for (const bundle of bundles)
    for (const ask of asks) {
      const [whole, bare] = [evaluate(bundle, ask), evaluateUnshown(bundle, ask)]
      const shown = ['because', 'impact', 'over', 'unread', 'readings', 'hidden']
      const facts = Object.entries(whole.verdict.facts).filter(([name]) => !shown.includes(name))
      expect(bare).toEqual({ ...whole, verdict: { ...whole.verdict, facts: Object.fromEntries(facts) } })
    }
  expect(evaluate(example, exportOf(3_000, ['iban'])).verdict.facts).toHaveProperty('because')
})
