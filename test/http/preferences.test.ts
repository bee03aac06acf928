import { expect, test } from 'vitest'
import { waitOf } from '../../src/http/preferences.ts'

test.each([
  ['wait=10', 10],
  ['wait=0', 0],
  ['Wait = 10', 10],
  ['wait="10"', 10],
  ['respond-async, wait=10', 10],
  ['wait=10; foo=bar', 10],
  ['wait=10, wait=20', 10],
  ['wait=55', 55],
  ['wait=56', 55],
  ['wait=999999999', 55],
])('%s waits %i seconds', (prefer, seconds) => {
  expect(waitOf(prefer)).toBe(seconds)
})

test.each([
  undefined,
  '',
  'wait',
  'wait=',
  'wait=-1',
  'wait=1.5',
  'wait=soon',
  'await=10',
  'wait=99999999999',
])('%s is ignored', (prefer) => {
  expect(waitOf(prefer)).toBeNull()
})
