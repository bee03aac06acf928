import { expect, test } from 'vitest'
import { withoutPolicy } from '../../src/cli/withoutPolicy.ts'

test('a server without a policy does not greet: it says what is wrong and what to do, once and loudly', () => {
  const note = 'The policy in policies cannot be activated (2 problems; countersign policy lint policies).'

  const text = withoutPolicy({ url: 'http://127.0.0.1:3000', note }, 'policies').join('\n')

  expect(text).toContain('NOT READY: there is no policy that it can judge by')
  expect(text).toContain(note)
  for (const step of ['policy lint policies', 'policy test policies', 'policy activate policies --by <you>'])
    expect(text).toContain(`countersign ${step}`)
  expect(text).not.toContain('is ready at')
})
