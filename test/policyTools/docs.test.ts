import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { activationProblems } from '../../src/policyTools/activation/activation.ts'
import { lintCodes } from '../../src/policyTools/lint/finding.ts'
import { readRecorded } from '../../src/policyTools/simulation/recorded.ts'
import { readTests } from '../../src/policyTools/tests/readTests.ts'
import { bundleFiles, filesIn, loaded } from '../policy/files.ts'
import { many, suggestedFor, withParams } from './suggest/record.ts'

const page = readFileSync('docs/policy-tools.md', 'utf8')
const fenced = (kind: string) =>
  [...page.matchAll(/```(\w*)\n([\s\S]*?)```/g)]
    .filter(([, of]) => of === kind)
    .map(([, , text = '']) => text)

test('every lint code stands in the table, and no other', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+\/[a-z-]+)` \| (\w+) \| (.*) \|$/gm)].map(
    ([, code, level, means]) => ({
      code,
      level,
      means,
    }),
  )

  expect(rows).toEqual(Object.entries(lintCodes).map(([code, { level, means }]) => ({ code, level, means })))
})

test('the request of the page is read as it stands', () => {
  const [request = ''] = fenced('json')

  expect(readRecorded(JSON.parse(request), { id: 'x', at: '' })).toMatchObject({ ok: true })
})

test('the catalogue entry of the page, and the rule beside it, are what the tool sends', () => {
  const actions = fenced('yaml').find((text) => text.includes('policy.activate:')) ?? ''
  const rule = fenced('yaml').find((text) => text.includes('policy.change.loosens')) ?? ''
  const bundle = loaded(
    bundleFiles({ 'actions.yaml': `${bundleFiles().get('actions.yaml')}${actions}`, 'rules/a.yaml': rule }),
  )

  expect(bundle.catalogue.has('policy.activate')).toBe(true)
  expect(activationProblems(bundle)).toEqual([])
})

test('the test of the page is read as it stands', () => {
  const shipped = filesIn('policies')
  const text = fenced('yaml').find((one) => one.includes('kind: PolicyTests')) ?? ''

  const read = readTests(loaded(shipped), new Map([...shipped, ['tests/page.yaml', text]]))

  expect(read.problems).toEqual([])
})

test('the suggestion of the page is what the record of forty refunds comes to', () => {
  const text = fenced('yaml').find((one) => one.includes('suggested.')) ?? ''
  const recorded = many(40, (index) => withParams({ amount_cents: 100 + index * 10 }))

  expect(suggestedFor(recorded).suggestions.map(({ addition }) => addition.rule.yaml)).toEqual([text])
})
