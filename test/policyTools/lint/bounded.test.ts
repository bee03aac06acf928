import { expect, test } from 'vitest'
import { lintBundle } from '../../../src/policyTools/lint/lintBundle.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'
import { actions, rulesOf, type Seed } from './seed.ts'

const verdicts = ['require_approval', 'deny', 'allow']
/** Fewer than there are, so that `npm test` stays quick; `.ci/run` takes all of them. */
const steps = process.env.FC_ALL ? Number.POSITIVE_INFINITY : 50_000

const six = [0, 1, 2, 3, 4, 5]
/** As many rules as one action may have, each with 64 ways to apply. */
const seeds = Array.from(
  { length: 200 },
  (_, nth): Seed => ({
    id: `r.${nth}`,
    verdict: verdicts[nth % 3] ?? 'deny',
    when: six
      .map((part) => `(params.rows > ${nth * 7 + part} || params.table.contains("x${nth}.${part}"))`)
      .join(' && '),
  }),
)

test('two hundred rules with many ways each are looked at within the budget, and what is left out is said', () => {
  const bundle = loaded(bundleFiles({ 'actions.yaml': actions, 'rules/a.yaml': rulesOf(seeds) }))

  const findings = lintBundle(bundle, { steps })

  expect(findings.find(({ code }) => code === 'lint/bounded')?.message).toMatch(
    /^The bundle is too large for lint to look at everything: .*\d+ pairs of rules were not compared\./,
  )
  expect(lintBundle(bundle, { errorsOnly: true, steps })).toEqual(
    findings.filter(({ level }) => level === 'error'),
  )
})
