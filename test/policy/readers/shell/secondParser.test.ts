import fc from 'fast-check'
import { type File, parse, print } from 'sh-syntax'
import { expect, test } from 'vitest'
import { simpleCommands } from '../../../../src/policy/readers/shell/simpleCommands.ts'
import { cases } from '../../../support/cases.ts'

/** The parser of shfmt, which nobody of those who wrote the other one has written. */
async function bySecond(text: string): Promise<File | null> {
  return await parse(text).catch(() => null)
}

const piece = fc.constantFrom(
  ...[
    'ls',
    'git',
    '-x',
    '--a=b',
    'a.ts',
    'HEAD~1',
    'a^~2',
    'src/*.ts',
    'a?',
    '5',
    '=',
    'a=b',
    '%',
    '@',
    '^',
    '-',
    '--',
  ],
  ...[
    "'a b'",
    '"c d"',
    "''",
    '""',
    "'$x'",
    "'!'",
    "'('",
    '"a\\"b"',
    '\\ ',
    '\\*',
    '\\;',
    '\\\\',
    '\\(',
    'a\\b',
  ],
  ...['2>&1', '>/dev/null', '2> /dev/null', '</dev/null', '>&2', '1>&2'],
  ...[' ', ' ', ' ', '\t', '\n', ' \\\n', ';', ' && ', ' || ', ' | ', '|', '&&'],
  ...[
    '(',
    ')',
    '{',
    '}',
    '~',
    '&',
    '#',
    'a#b',
    '<',
    '>',
    '!',
    '`',
    '$',
    'if',
    'then',
    'fi',
    'do',
    'time',
    'function',
    '[[',
    'é',
  ],
)
const line = fc.array(piece, { minLength: 1, maxLength: 14 }).map((pieces) => `ls ${pieces.join('')}`)

/** Every program with its words. */
function wordsOf(text: string): readonly string[] | null {
  const parsed = simpleCommands(text)
  if ('trouble' in parsed) return null
  return parsed.commands.map(({ program, words, piped }) =>
    JSON.stringify(
      [program, ...words].map(({ value, pattern }) => [value, pattern]).concat([['piped', piped]]),
    ),
  )
}

/** Some at once, because the other parser takes its time for each call. */
const lines = fc
  .array(
    line.filter((text) => wordsOf(text) !== null),
    { minLength: 1, maxLength: 8 },
  )
  .map((some) => some.join('\n'))
  .filter((text) => wordsOf(text) !== null)

test('what was understood is a command line to a second parser, and stays the same when that writes it anew', async () => {
  await fc.assert(
    fc.asyncProperty(lines, async (text) => {
      const file = await bySecond(text)
      expect(file, text).not.toBeNull()
      for (const { Negated, Background, Coprocess } of file?.Stmts ?? [])
        expect([Negated, Background, Coprocess], text).toEqual([false, false, false])
      expect(wordsOf(await print(text)), text).toEqual(wordsOf(text))
    }),
    { numRuns: cases(240) },
  )
})

test.each(['a (b', 'a(b c', 'ls; (id)', 'ls {', 'if ls', "ls 'a", 'ls `id', 'ls $(id'])(
  '%s, which the two may read differently, is not understood',
  (text) => {
    expect(wordsOf(text)).toBeNull()
  },
)
