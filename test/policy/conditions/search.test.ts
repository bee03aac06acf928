import { RE2JS } from '@bufbuild/re2'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import { type Searches, searchesWithin } from '../../../src/policy/conditions/search.ts'
import { cases } from '../../support/cases.ts'

const { searching, searched } = conditionLimits

function ready(patterns: readonly string[], budget: number = searching): Searches {
  const searches = searchesWithin(budget)
  for (const pattern of patterns) expect(searches.compile(pattern)).toBeNull()
  searches.begin()
  return searches
}

/** Letters a and b in an order that does not repeat. */
function unlike(length: number, seed: number): string {
  let state = seed
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state & 0x10000 ? 'a' : 'b'
  }).join('')
}

test('finds what RE2 finds', () => {
  const part = fc.constantFrom(
    ...'a b [ab] [^a] . \\b \\B ^ $ \\n (?i)k (?i:s) \\w \\W \\s é [à-ÿ] 😀 \\pL (?m:^) (?m:$) a* b? (ab|ba) (a|\\b)* .{2} \\z'.split(
      ' ',
    ),
  )
  const letter = fc.constantFrom(...'abkKſsS \n_0é😀', 'K', '\ud83d', '\ude00')
  const text = fc.array(letter, { maxLength: 12 }).map((letters) => letters.join(''))
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.array(text, { maxLength: 4 }), (parts, texts) => {
      const pattern = parts.join('')
      const searches = ready([pattern])
      for (const one of texts) expect(searches.test(pattern, one)).toBe(RE2JS.compile(pattern).test(one))
    }),
    { numRuns: cases(3_000) },
  )
})

describe('a text that is made for a pattern', () => {
  const heavy = 'a[ab]{200}c'

  test('spends the budget of the evaluation, and the next has its own', () => {
    const searches = ready([heavy, 'z'])

    expect(() => searches.test(heavy, unlike(searched, 1))).toThrow('searching took more than')
    expect(() => searches.test('z', 'a')).toThrow('searching took more than')
    searches.begin()
    expect(searches.test('z', 'a')).toBe(false)
  })

  test('comes to the same end whatever was searched before', () => {
    const text = unlike(600, 1)
    const spent = (searches: Searches): boolean => {
      searches.begin()
      try {
        return searches.test(heavy, text)
      } catch {
        return true
      }
    }
    for (const budget of [500_000, 900_000, 1_500_000, 2_500_000]) {
      const used = ready([heavy], budget)
      const before = spent(used)
      for (let seed = 3; seed < 30; seed += 1) {
        used.begin()
        try {
          used.test(heavy, unlike(600, seed))
        } catch {
          // Only what it leaves behind matters.
        }
      }
      expect(spent(used)).toBe(before)
      expect(spent(ready([heavy], budget))).toBe(before)
    }
  })

  test('cannot fill the automaton, request after request', () => {
    const light = 'a[ab]{14}c'
    const searches = ready([light])
    for (let seed = 1; seed < 40; seed += 1) {
      searches.begin()
      expect(searches.test(light, unlike(2_000, seed))).toBe(false)
    }
  })
})

describe('what rules search is far within the budget:', () => {
  const words = '(?i)(mail|phone|mobile|ssn|iban|birth|address|passport|salary|account|password|token)'
  const command =
    '^kubectl get (all|pods?|nodes?|services?)( (-n|--namespace)[ =][a-z0-9-]+)?( -o (wide|json|yaml))?$'

  test.each([
    ['a command of 2,000 characters', command, [`kubectl get pods -n ${unlike(1_980, 1)}`]],
    ['1,000 names of columns', words, Array.from({ length: 1_000 }, (_, n) => unlike(20, n + 1))],
    ['1,000 texts of 256 characters', words, Array.from({ length: 1_000 }, (_, n) => unlike(256, n + 1))],
  ])('%s', (_, pattern, texts) => {
    const searches = ready([pattern], searching / 4)

    expect(() => {
      for (const text of texts) searches.test(pattern, text)
    }).not.toThrow()
  })
})
