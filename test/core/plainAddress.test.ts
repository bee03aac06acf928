import { expect, test } from 'vitest'
import { plainAddress } from '../../src/core/plainAddress.ts'

test.each([
  ['dana@acme.test', 'dana@acme.test'],
  ['Dana+admin@ACME.test', 'dana@acme.test'],
  ['dana+a+b@acme.test', 'dana@acme.test'],
  ['jose\u0301@acme.test', 'jos\u00e9@acme.test'],
  ['JOSE\u0301+x@acme.test', 'jos\u00e9@acme.test'],
  ['+dana@acme.test', '+dana@acme.test'],
  ['dana@acme+x.test', 'dana@acme+x.test'],
  ['dana.smith@acme.test', 'dana.smith@acme.test'],
  ['no address', 'no address'],
])('%s is plainly %s', (email, plain) => {
  expect(plainAddress(email)).toBe(plain)
})
