import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { filesIn, loaded } from '../../policy/files.ts'

test('the test that the page shows passes on the policy that ships', () => {
  const page = readFileSync('docs/policy-tests.md', 'utf8')
  const [, example = ''] = /```yaml\n# tests\/export\.yaml\n([^`]*)```/.exec(page) ?? []
  const files = new Map([...filesIn('policies')].filter(([path]) => !path.startsWith('tests/')))

  expect(runTests(loaded(files), new Map([...files, ['tests/export.yaml', example]]))).toMatchObject({
    ok: true,
    passed: 1,
  })
})
