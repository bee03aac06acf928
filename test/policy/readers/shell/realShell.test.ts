import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { simpleCommands } from '../../../../src/policy/readers/shell/simpleCommands.ts'
import { cases } from '../../../support/cases.ts'

/** Says its words on a descriptor that no redirect of a text that is understood can reach. */
const program = `exec 9>&1\np() { for word in "$@"; do printf '<%s>' "$word" >&9; done; printf '\\n' >&9; }\n`

const piece = fc.constantFrom(
  ...[
    'p',
    'p ',
    '{}',
    ' {} ',
    ' ',
    '\t',
    ';',
    '|',
    "'",
    "''",
    '"',
    '""',
    '\\',
    '\\ ',
    '\\{',
    '\\}',
    '\\(',
    '\\;',
    'a',
    'b=c',
    '-x',
  ],
  ...[
    '=',
    '+',
    '#',
    'a#',
    '2>&1',
    '>/dev/null',
    '2>/dev/null',
    ' >&2',
    '</dev/null',
    '%',
    '^',
    '@',
    '/',
    'a*',
    'a?',
    '{',
    '}',
  ],
  ...[
    "'{'",
    '"{}"',
    '\\~',
    'a~',
    'b~1',
    '^~',
    '~',
    '=~',
    ':~',
    '\\*',
    '\\#',
    '<',
    '>',
    '&',
    "'$x'",
    "'!'",
    '\\\n',
  ],
)

test('a shell hands programs the words that were read', () => {
  const line = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => `p ${pieces.join('')}`)
  const empty = mkdtempSync(join(tmpdir(), 'countersign-empty-'))
  onTestFinished(() => rmSync(empty, { recursive: true }))
  let compared = 0

  fc.assert(
    fc.property(line, (text) => {
      const parsed = simpleCommands(text)
      if ('trouble' in parsed || parsed.commands.some(({ program: { value } }) => value !== 'p')) return
      const read = parsed.commands.map(({ words }) => words.map(({ value }) => `<${value}>`).join(''))
      const { stdout } = spawnSync('bash', ['--noprofile', '--norc', '-c', '--', program + text], {
        // Where there is no file, a pattern stands for itself.
        cwd: empty,
        encoding: 'utf8',
        input: '',
      })

      expect(stdout.split('\n').slice(0, -1).sort(), text).toEqual(read.sort())
      compared += 1
    }),
    { numRuns: cases(1_600) },
  )

  expect(compared).toBeGreaterThan(10)
})
