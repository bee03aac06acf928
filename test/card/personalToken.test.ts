import { expect, test } from 'vitest'
import { howOf } from '../../src/card/personalToken.ts'

test('a decision by a personal token says so, and one in the channel says nothing', () => {
  expect(howOf({ via: 'api' })).toEqual([{ words: ' by personal token' }])
  expect(howOf({ via: 'slack' })).toEqual([])
})
