import { expect, test } from 'vitest'
import { lintBundle } from '../../../src/policyTools/lint/lintBundle.ts'
import { bundleFiles, bundleYaml, loaded } from '../../policy/files.ts'

test.each([
  ['a few minutes each week', '{weekdays: [wed], from: "02:10", to: "02:20"}'],
  ['half an hour, once', '{start: 2027-03-28T00:15, end: 2027-03-28T00:45}'],
  ['the night on which clocks change', '{start: 2027-03-28T01:30, end: 2027-03-28T03:30}'],
])('a rule about a window of %s is reached', (_, window) => {
  const rule = {
    id: 'in.the.window',
    description: 'Nothing leaves now.',
    match: { actions: ['db.export'] },
    when: '"short" in time.windows',
    verdict: 'deny',
  }
  const bundle = loaded(
    bundleFiles({
      'bundle.yaml': `${bundleYaml}windows: {short: ${window}}\n`,
      'rules/a.yaml': JSON.stringify([rule]),
    }),
  )

  expect(bundle.timezone).toBe('Europe/Berlin')
  expect(lintBundle(bundle).map(({ code }) => code)).not.toContain('rule/unreached')
})
