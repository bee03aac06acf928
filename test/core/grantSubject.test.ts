import { expect, test } from 'vitest'
import { grantSubject } from '../../src/core/grantSubject.ts'

const of = (environment: string, action: string) => grantSubject({ environment, action })

test('says where and what, and nothing that names one request', () => {
  expect(of('prod', 'db.export')).toBe('approval:env:prod:action:db.export')
})

test.each([
  ['a:action:b', 'c', 'a', 'b:action:c'],
  ['a', 'b%3Ac', 'a', 'b:c'],
  ['a', 'b*', 'a', 'b%2A'],
])('no two look like one: %s %s and %s %s', (...[environment, action, otherEnvironment, otherAction]) => {
  expect(of(environment, action)).not.toBe(of(otherEnvironment, otherAction))
})

test('is cut to 127 bytes, always the same, and apart from what it is cut from', () => {
  const long = `${'a'.repeat(64)}.${'ü'.repeat(60)}`

  const [one, other] = [of('prod', `${long}1`), of('prod', `${long}2`)]

  expect(Buffer.byteLength(one)).toBe(127)
  expect(one).toMatch(/^approval:env:prod:action:a+\.(%C3%BC)+.*~[0-9a-f]{16}$/)
  expect(of('prod', `${long}1`)).toBe(one)
  expect(other).not.toBe(one)
})

test('the longest that is not cut has 127 bytes', () => {
  const most = 127 - 'approval:env:prod:action:'.length

  expect(of('prod', 'a'.repeat(most))).toBe(`approval:env:prod:action:${'a'.repeat(most)}`)
  expect(of('prod', 'a'.repeat(most + 1))).toMatch(/~[0-9a-f]{16}$/)
})
