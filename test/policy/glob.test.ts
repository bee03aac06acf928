import fc from 'fast-check'
import { expect, test } from 'vitest'
import { glob } from '../../src/policy/glob.ts'
import { textWork } from '../support/textWork.ts'

const letters = (extra: readonly string[]) =>
  fc.array(fc.constantFrom('a', 'b', '.', ...extra), { maxLength: 12 }).map((all) => all.join(''))

/** The definition, slowly: the first star eats any prefix. */
function reference(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '*')
    return reference(pattern.slice(1), text) || (text !== '' && reference(pattern, text.slice(1)))
  return pattern[0] === text[0] && reference(pattern.slice(1), text.slice(1))
}

test('fits exactly what the definition of a star says', () => {
  fc.assert(
    fc.property(letters(['*']), letters([]), (pattern, text) => {
      expect(glob(pattern).fits(text)).toBe(reference(pattern, text))
    }),
    { numRuns: 2_000 },
  )
})

test('a star is the only special character', () => {
  expect(glob('a.c').fits('abc')).toBe(false)
  expect(glob('[a-z]?').fits('b')).toBe(false)
  expect(glob('*.(x|y)').fits('a.(x|y)')).toBe(true)
})

test('no character is used twice, by a piece and by the end', () => {
  expect(glob('*ba*aa').fits('xbaa')).toBe(false)
  expect(glob('*ba*aa').fits('xbaaa')).toBe(true)
})

test('a pattern made to explode a backtracking matcher is about twice the work for twice the text', () => {
  const { fits } = glob(`${'a*'.repeat(200)}b`)
  const tried = (length: number) => textWork(() => expect(fits('a'.repeat(length))).toBe(false))

  expect(fits('a'.repeat(100_000))).toBe(false)
  expect(tried(20_000) / tried(10_000)).toBeLessThan(3)
})
