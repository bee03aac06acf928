import { expect, test } from 'vitest'
import { shortJson } from '../../src/core/shortJson.ts'

test.each([
  ['a right-to-left override', '\u202e', '"\\u202e"'],
  ['a zero-width space', '\u200b', '"\\u200b"'],
  ['a tag character', '\u{E0041}', '"\\udb40\\udc41"'],
  ['a delete', '\u007f', '"\\u007f"'],
  ['a line separator', '\u2028', '"\\u2028"'],
  ['half a surrogate pair', '\ud800', '"\\ud800"'],
])('%s is written so that it can be seen, and is still JSON', (_, text, written) => {
  expect(shortJson(text, 100)).toBe(written)
  expect(JSON.parse(shortJson(text, 100))).toBe(text)
})

test('what is too long is cut and says so', () => {
  expect(shortJson({ table: 'users' }, 10)).toBe('{"table":…')
})
