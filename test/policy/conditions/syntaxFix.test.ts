import { describe, expect, test } from 'vitest'
import { textWork } from '../../support/textWork.ts'
import { compile } from './compile.ts'

/** A condition, where the caret is (from 0), and words of the fix. */
const slips: readonly (readonly [source: string, offset: number, says: string])[] = [
  ['params.cents = 5', 13, 'compare with == instead of =.'],
  ['params.cents === 5', 13, 'compare with == instead of ===.'],
  ['params.cents !== 5', 13, 'compare with != instead of !==.'],
  ['params.cents => 5', 13, 'write >= instead of =>.'],
  ['params.cents <> 5', 13, 'write != instead of <>.'],
  ['params.to =~ "x"', 10, 'text.matches("pattern")'],
  ['params.urgent and params.cents > 5', 14, 'write && instead of and.'],
  ['params.urgent AND params.cents > 5', 14, 'write && instead of AND.'],
  ['params.urgent\nor params.urgent', 14, 'write || instead of or.'],
  ['not params.urgent', 0, 'write ! instead of not: !(x).'],
  ['params.to not in ["a"]', 10, '!(x in ["a", "b"])'],
  ['params.urgent & params.urgent', 14, 'write && instead of &.'],
  ['params.urgent | params.urgent', 14, 'write || instead of |.'],
  ['params.note is null', 12, 'has(…)'],
  ['params.to like "x%"', 10, 'text.startsWith("x")'],
  ['params.to in ("a", "b")', 10, 'square brackets'],
  ['params.cents > 1_000', 15, 'write 1000 instead of 1_000.'],
  ['params.cents > 10,000,000 && params.urgent', 15, 'write 10000000 instead of 10,000,000.'],
  ['params.cents in [100,200] && (params.cents > 1,000)', 45, 'write 1000 instead of 1,000.'],
  ['params.cents > 1 000', 15, 'write 1000 instead of 1 000.'],
  ['params.to == "abc', 13, 'the text that begins here is not closed: end it with "'],
  ["params.to == 'abc", 13, "the text that begins here is not closed: end it with '"],
  ['params.to == “abc”', 13, 'put text in straight quotes'],
  ['params.to == `abc`', 13, 'put text in straight quotes'],
  ['(params.urgent && params.cents > 5', 0, 'this ( is not closed: add ).'],
  ['params.urgent) && params.urgent', 13, 'this ) closes nothing'],
  ['params.cents >', 13, 'something has to follow >.'],
  ['params.urgent && ', 14, 'something has to follow &&.'],
  ['== 5', 0, 'something has to come before ==.'],
  ['params.cents > 5 # big', 17, 'a comment begins with // here.'],
  ['params.cents > 5;', 16, 'remove the ;'],
  ['params.urgent params.urgent', 14, 'an operator is missing before this'],
  ['params.cents > $5', 13, 'is not understood'],
  ['// only a comment', 0, 'There is no condition here'],
]

describe('a condition that is not CEL is told with the fix, where the slip is', () => {
  test.each(slips)('%s', (source, offset, says) => {
    const result = compile(source)

    expect(result.ok ? [] : result.diagnostics).toMatchObject([
      { code: 'cel/syntax', offset, message: expect.stringContaining(says) },
    ])
  })
})

test('what stands in texts and comments is no slip', () => {
  const result = compile('params.to == "a = b and c; 1,000 (" // and #\n && params.cents >')

  expect(result.ok ? [] : result.diagnostics.map(({ message }) => message)).toEqual([
    'This is not CEL: something has to follow >.',
  ])
})

test('the comment of YAML that may have cut a text off is named, except in block text, where there is none', () => {
  const said = (source: string) => {
    const result = compile(source)
    return result.ok ? '' : (result.diagnostics[0]?.message ?? '')
  }

  expect(said('params.to == "x')).toContain('write the condition as block text, `when: |`')
  expect(said('params.to == "x\n')).not.toContain('block text')
})

test.each(['"', "'", '\\"', '1,000,', '(', '["', '1_', 'not ', '"""'])(
  'looking through many of %j comes to an end, and twice as many are about twice the work',
  (part) => {
    const told = (length: number) =>
      textWork(() => {
        expect(compile(`params.cents = ${part.repeat(length / part.length)}`).ok).toBe(false)
      })

    expect(told(1_900) / told(950)).toBeLessThan(3)
  },
)

/** Words of other languages, and types that do not go together. */
const meant: readonly (readonly [source: string, says: string])[] = [
  ['params.cents > "5"', 'remove the quotes, 5'],
  ['params.cents == "five"', 'write a number without quotes'],
  ['params.to == 5', 'put it in quotes, "5"'],
  ['params.urgent == "true"', 'write true or false without quotes'],
  ['params.urgent == True', 'Did you mean "true"?'],
  ['initiator == "a@acme.test"', 'initiator.id, initiator.email, initiator.kind'],
  ['"x" == resource', 'resource.type, resource.id'],
  ['resource.labels == "x"', 'resource.labels["key"]'],
  ['params.tags == "a"', '"a" in params.tags'],
  ['"a" in params.to', 'text.contains("a")'],
  ['not(params.urgent)', 'Write !(…).'],
  ['len(params.to) > 3', 'Write size(x)'],
  ['params.to.length() > 3', 'x.size()'],
  ['params.to.length > 3', 'Write params.to.size().'],
  ['params.to.lower() == "a"', 'Write x.lowerAscii()'],
  ['params.to.toLowerCase() == "a"', 'Write x.lowerAscii()'],
  ['params.to.includes("a")', 'Write text.contains("a")'],
  ['params.tags.contains("a")', '"a" in list'],
]

describe('a mistake of another language is told with what it is called here', () => {
  test.each(meant)('%s', (source, says) => {
    const result = compile(source)

    expect(result.ok ? [] : result.diagnostics).toMatchObject([{ message: expect.stringContaining(says) }])
  })
})
