import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import { searchesWithin } from '../../../src/policy/conditions/search.ts'
import { cases } from '../../support/cases.ts'
import { textWork } from '../../support/textWork.ts'
import { codes } from './compile.ts'

const { searched, searching } = conditionLimits

/** Whether a pattern is through the longest text that is searched, which nearly fits, in so many steps. */
function throughIn(steps: number, pattern: string, text: string): boolean {
  const searches = searchesWithin(steps)
  expect(searches.compile(pattern)).toBeNull()
  searches.begin()
  try {
    searches.test(pattern, text)
    return true
  } catch {
    return false
  }
}

describe('a pattern that makes other engines hang is as good as a plain one: its steps are in proportion to the text', () => {
  /** One more factor of the text's length would be 8,192. */
  const steps = 300 * searched

  test.each([
    ['[a-z]+$', 'a'],
    ['(a+)+$', 'a'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
    ['(a|a)*b', 'a'],
    ['(a|a)*$', 'a'],
    ['(a|aa)+$', 'a'],
    ['((a*)*)*$', 'a'],
    ['(.*a){20}', 'a'],
    ['(.*.*)*$', 'a'],
    ['(x+x+)+y', 'x'],
    ['(x+x+)+$', 'x'],
    ['^(\\w+\\s?)*$', 'a'],
    ['([^"]*"[^"]*")*$', '"'],
    ['^(a?){30}a{30}$', 'a'],
    ['^((a|b|ab)*c?)*$', 'a'],
  ])('%s', (pattern, letter) => {
    expect(steps).toBeLessThan(searching)
    expect(throughIn(steps, pattern, `${letter.repeat(searched - 1)}!`)).toBe(true)
  })

  test('control: a pattern that a text leads to ever new states is not, and even all steps of a condition are too few', () => {
    let state = 1
    const unlike = Array.from({ length: searched }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return state & 0x10000 ? 'a' : 'b'
    }).join('')

    expect(throughIn(steps, 'a[ab]{200}c', unlike)).toBe(false)
    expect(throughIn(searching, 'a[ab]{200}c', unlike)).toBe(false)
  })
})

/** Filled up to the longest condition there may be. */
const full = (piece: string, rest = ''): string =>
  piece.repeat(Math.floor((conditionLimits.length - rest.length) / piece.length)) + rest

describe('text that is hard on a parser is refused, with its limit, and is no harder than a plain condition', () => {
  const plain = full('params.cents > 5 && ', 'true')
  const usual = textWork(() => void codes(plain))

  test.each([
    ['brackets beyond the length', '('.repeat(100_000), 'cel/limit/length'],
    ['brackets', `${'('.repeat(990)}true${')'.repeat(990)}`, 'cel/limit/depth'],
    ['brackets that are never closed', full('('), 'cel/limit/depth'],
    ['lists in lists', `${'['.repeat(990)}${']'.repeat(990)} == []`, 'cel/limit/depth'],
    ['mappings in mappings', full('{1:'), 'cel/limit/depth'],
    ['calls in calls', full('size('), 'cel/limit/depth'],
    ['signs', full('- ', '1 == 1'), 'cel/syntax'],
    ['choices', full('true ? true : ', 'true'), 'cel/limit/depth'],
    ['fields of fields', `params${full('.a').slice(6)}`, 'cel/limit/depth'],
    ['items of items', `params${full('[0]').slice(6)}`, 'cel/limit/depth'],
    ['a chain of &&', full('true&&', 'true'), 'cel/limit/nodes'],
    ['a chain of ||', full('true||', 'true'), 'cel/limit/nodes'],
    ['a chain of +', full('1+', '1 == 1'), 'cel/limit/depth'],
    ['a huge list', `1 in [${full('1,').slice(8)}1]`, 'cel/limit/nodes'],
    ['macros', full('params.tags.all(x, true) && ', 'true'), 'cel/limit/macros'],
    ['a macro in a macro', 'params.tags.all(x, params.tags.all(y, x == y))', 'cel/limit/nesting'],
    ['macros one after another', `params.tags${'.map(x, x)'.repeat(5)} == []`, 'cel/limit/macros'],
    ['patterns', full('params.to.matches("a") || ', 'true'), 'cel/limit/regex'],
    ['a text that is never closed', full('"""a'), 'cel/syntax'],
    ['nothing but comments', full('//\n'), 'cel/syntax'],
  ])('%s', (_, source, code) => {
    expect(codes(source)).toContain(code)
    expect(textWork(() => void codes(source)) / usual).toBeLessThan(5)
  })

  test.each([
    ['a chain of &&', `${'true && '.repeat(240)}true`],
    ['a chain of negations, which cancel out', full('!!', 'true')],
    ['a long list', `params.cents in [${'1,'.repeat(280)}1]`],
    ['four macros', `params.tags${'.map(x, x)'.repeat(4)} == []`],
    ['brackets as text', `params.to == "${'('.repeat(1_900)}"`],
    ['brackets in a comment', `params.urgent // ${'('.repeat(1_900)}`],
  ])('control: within the limits, %s is accepted', (_, source) => {
    expect(codes(source)).toEqual([])
  })

  test('whatever is written, the answer is a list of problems', () => {
    const token = fc.constantFrom(
      ...'( ) [ ] { } . , : ? ! - + * / % && || == != < <= in true null 1 1u 1.5 0x1 "a" r"a" b"a" """ \' // \n \\ @ ` x params.to'.split(
        ' ',
      ),
      ...['params.tags.all(x,', 'has(', 'size(', '.matches("(")', '.map(', '\u0000', '\ud800', '𝒳'],
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), fc.constantFrom('', ' '), (tokens, between) => {
        for (const code of codes(tokens.join(between))) expect(code).toMatch(/^cel\//)
      }),
      { numRuns: cases(3_000) },
    )
  })
})
