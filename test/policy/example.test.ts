import { expect, test } from 'vitest'
import { filesIn, loaded } from './files.ts'

test('the sixteen rules of the design load without a problem', () => {
  expect(loaded(filesIn('test/policy/example')).rules).toHaveLength(16)
})
