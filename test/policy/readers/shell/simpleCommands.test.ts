import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simpleCommands } from '../../../../src/policy/readers/shell/simpleCommands.ts'
import { cases } from '../../../support/cases.ts'

function wordsOf(text: string): readonly string[] | null {
  const parsed = simpleCommands(text)
  if ('trouble' in parsed) return null
  return parsed.commands.map(({ program, words }) => [program, ...words].map(({ value }) => value).join('|'))
}

describe('a command line that is understood', () => {
  test.each([
    ['ls', ['ls']],
    ['  ls\t-la  src ', ['ls|-la|src']],
    ['df -h /var && free -m; uptime\nid || w', ['df|-h|/var', 'free|-m', 'uptime', 'id', 'w']],
    ['ps aux | grep nginx', ['ps|aux', 'grep|nginx']],
    [`grep 'a b' "c d" e\\ f`, ['grep|a b|c d|e f']],
    [`grep '$(id)' f`, ['grep|$(id)|f']],
    ['ls > /dev/null 2>&1', ['ls']],
    ['ls 2>/dev/null | wc -l', ['ls', 'wc|-l']],
    ['cat < /dev/null', ['cat']],
    ['ls src/*.ts', ['ls|src/*.ts']],
    ['ls \\\n -l', ['ls|-l']],
    ['', null],
    [' \n ', null],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  test('says what is piped, what goes elsewhere, and which word is a pattern', () => {
    const parsed = simpleCommands('ls a* 2>/dev/null | wc -l')

    expect(parsed).toMatchObject({
      commands: [
        { program: { value: 'ls' }, words: [{ pattern: true }], redirected: true, piped: false },
        { program: { value: 'wc' }, words: [{ pattern: false }], redirected: false, piped: true },
      ],
    })
  })
})

/** What a shell makes of these depends on the machine, the shell, the moment, or hides another command. */
const hostile = [
  'ls $(id)',
  'ls `id`',
  'ls "$(id)"',
  'ls $HOME',
  'ls "$HOME"',
  'ls \\$x',
  'echo $((1))',
  `ls $\{x}`,
  'A=1 ls',
  'A=1',
  'export A=1',
  'alias ls=rm',
  'ls &',
  'ls & id',
  '(ls)',
  '{ ls; }',
  'ls {a,b}',
  'ls {}x',
  'ls x{}',
  'if true; then ls; fi',
  'while true; do ls; done',
  'for i in a; do ls; done',
  'case a in a) ls;; esac',
  'f() { ls; }',
  'function f { ls; }',
  'coproc ls',
  'time ls',
  '! ls',
  'ls |& cat',
  '[[ a ]]',
  '[ a ]',
  '((1))',
  'cat <<E\nx\nE',
  'cat <<<x',
  'cat <(ls)',
  'ls > f',
  'ls >> f',
  'ls &> f',
  'ls &>/dev/null',
  'ls >& f',
  'ls >| f',
  'cat < f',
  'cat <> f',
  'ls 3>&1',
  'ls {x}>f',
  'ls > /dev/nul',
  'ls > /dev/null/x',
  'ls >&2>&1',
  '> f',
  'ls 2>&1x',
  'ls ~',
  'ls ~root',
  'echo a=~',
  'echo a=b:~',
  'ls *',
  'ls *x',
  'ls ?',
  `ls ''*`,
  `ls ""*`,
  'ls -*',
  'ls [a]',
  'l? a',
  'ls # x',
  "ls #'\nid #'",
  '# ls',
  '#!/bin/sh\nls',
  `ls 'a`,
  'ls "a',
  'ls \\',
  'ls !!',
  'ls "!x"',
  'ls \\!x',
  'a (b',
  'a(b c',
  'a $[x',
  "ls $'a'",
  'ls $"a"',
  'ls @(a|b)',
  'ls !(x)',
  'ls |',
  '| ls',
  'ls &&',
  '&& ls',
  'ls ;;',
  'ls\r',
  'ls\0',
  'ls\u00a0-l',
  'ls\u200b',
  'ls\u2028id',
  'lѕ',
  'ls\u001b',
  'ls \u{1F600}',
  `ls ${'a'.repeat(4_000)}`,
  `ls${' a'.repeat(256)}`,
  Array(65).fill('ls').join(';'),
  '('.repeat(3_000),
] as const

test.each(hostile)('%j is not understood', (text) => {
  const parsed = simpleCommands(text)
  expect(parsed).toHaveProperty('trouble')
  if ('trouble' in parsed) expect(parsed.trouble.why).toMatch(/^[A-Z].*\.$/)
})

const pieces = fc.constantFrom(
  'ls',
  'a',
  '-x',
  ' ',
  '\t',
  '\n',
  ';',
  '&&',
  '||',
  '|',
  '&',
  "'",
  '"',
  '\\',
  '$',
  '`',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  '2>&1',
  '>/dev/null',
  '#',
  '!',
  '~',
  '*',
  '?',
  '=',
  '{}',
  'é',
  '\0',
  'if',
  'then',
  'done',
  '<<E',
  'x=',
)

test('whatever is sent, reading it ends, and what was understood is made of words that stand in it', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const text = parts.join('')
      const parsed = simpleCommands(text)
      if ('trouble' in parsed) return
      for (const { value } of parsed.commands.flatMap(({ program, words }) => [program, ...words]))
        expect(text.replace(/['"\\\n]/g, '')).toContain(value.replace(/['"\\\n]/g, ''))
    }),
    { numRuns: cases(4_000) },
  )
})
