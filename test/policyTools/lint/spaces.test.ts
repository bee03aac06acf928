import { expect, test } from 'vitest'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { bundleOf, files } from './edited.ts'

const withEntries = (...entries: readonly string[]) =>
  bundleOf({ 'resources.yaml': files['resources.yaml'] + entries.map((one) => `  - {${one}}\n`).join('') })

test('two entries whose types and ids hold spaces are never taken for one', () => {
  const base = withEntries('match: {type: table, id: q report}, sensitivity: secret')
  const head = withEntries(
    'match: {type: table, id: q report}, sensitivity: public',
    'match: {type: table q, id: report}, sensitivity: secret',
  )

  expect(loosened(base, head).map(({ message }) => message)).toContainEqual(
    expect.stringMatching(
      /^The entry for \["table","q report"\] .* was changed: sensitivity secret → public/,
    ),
  )
  expect(differenceOf(base, head).otherChanges).toEqual([
    'resource ["table q","report"] added',
    'resource ["table","q report"] changed',
  ])
})
