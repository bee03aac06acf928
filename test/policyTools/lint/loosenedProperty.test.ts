import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { loadBundle } from '../../../src/policy/load.ts'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { differences, outcomeOf } from '../../../src/policyTools/simulation/stricter.ts'
import { cases } from '../../support/cases.ts'
import { asks, factPairs, filesOf, pairs } from './pairs.ts'

test.each([
  ['whatever was edited', pairs, 300],
  ['whatever is said of resources', factPairs, 600],
])('%s: where a request is judged more loosely, lint --base has a note', (_, edited, all) => {
  const seen = { loosened: 0, silent: 0 }
  fc.assert(
    fc.property(edited, ({ base, head }) => {
      const [old, now] = [loadBundle(filesOf(base)), loadBundle(filesOf(head))]
      if (!old.ok || !now.ok) return
      const looser = asks.filter(
        (ask) => outcomeOf(differences(evaluate(old.bundle, ask), evaluate(now.bundle, ask))) === 'loosened',
      )
      const notes = loosened(old.bundle, now.bundle)
      if (looser.length > 0) seen.loosened += 1
      if (notes.length === 0) seen.silent += 1

      if (notes.length === 0) expect(looser).toEqual([])
    }),
    { numRuns: cases(all) },
  )
  // Edits that weaken, and edits about which there is nothing to say, are both among them.
  expect(seen.loosened).toBeGreaterThan(cases(5))
  expect(seen.silent).toBeGreaterThan(cases(5))
})
