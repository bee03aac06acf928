import { expect, test } from 'vitest'
import { randomIds } from '../../src/approvals/randomIds.ts'

test('a salt is sixteen random bytes, and none is drawn twice, over the end of a page too', () => {
  const salts = Array.from({ length: 1_000 }, () => randomIds.salt())

  expect(new Set(salts).size).toBe(1_000)
  expect(salts.map((salt) => Buffer.from(salt, 'base64').length)).toEqual(Array(1_000).fill(16))
  expect(salts.filter((salt) => /^A+=*$/.test(salt))).toEqual([])
})
