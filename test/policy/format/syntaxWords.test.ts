import { describe, expect, test } from 'vitest'
import { parseYaml } from '../../../src/policy/format/yaml.ts'
import { textWork } from '../../support/textWork.ts'

const rule = (line: string): string => `- id: a
  description: d
  match: {actions: [db.export]}
${line}
  verdict: deny
`
const block = 'The surest is block text: `when: |`'

/** Lines of a rule, where the one thing that is told about them is, and words of it. */
const slips: readonly (readonly [lines: string, at: string, says: string])[] = [
  ['  when: "admin" in params.scopes', '4:17', block],
  ['  unless: "admin" in params.scopes', '4:19', '`unless: |`'],
  ['  when: params.a ? b : c', '4:9', block],
  ['  when: !params.urgent', '4:23', block],
  ['  when: ["a"] == params.x', '4:15', block],
  ['  when: params.a == "x" &&\n  params.b == "y"', '5:3', block],
  ['  when: | params.x', '4:11', 'After | the text begins on the next line'],
  ['  when: |\n  params.x > 5', '5:3', 'Block text is indented further'],
  ['  when:params.x', '4:3', 'The colon of a property needs a space after it'],
  ['  message: "a" is bad', '4:16', 'The value ended before this'],
  ['  message: Rule: an agent asks', '4:12', 'in quotes: "like: this"'],
  ['  message: `a`', '4:12', 'cannot begin with `: put it in quotes'],
  ['  message: "\\d"', '4:13', 'use single quotes'],
  ['  message: "a', '6:1', 'A quote is opened and never closed'],
  ['  match: {actions: [*]}', '4:21', 'goes in quotes: "*"'],
  ['  match: {actions: [a], note: x # y}', '5:3', 'A # after a space begins a comment'],
  ['  match: {actions: [a, b # both\n  }', '5:3', 'close the [ … ]'],
  ['  match: {actions: [a,,b]}', '4:23', 'one comma too many'],
  ['  match:\n    actions:\n      - a\n      b', '7:1', 'not indented like the others'],
  [' message: a', '4:1', 'not indented'],
  ['id: b', '4:1', 'This line does not belong to anything above it'],
]

describe('what is not YAML is told once, in plain words, with the fix', () => {
  test.each(slips)('%s', (lines, at, says) => {
    const parsed = parseYaml('rules/a.yaml', rule(lines))

    const told = 'problems' in parsed ? parsed.problems : []
    expect(told.map(({ line, column }) => `${line}:${column}`)).toEqual([at])
    expect(told[0]?.message).toContain(says)
  })
})

test('a line that is indented further than the one before is told at the one before', () => {
  const parsed = parseYaml('rules/a.yaml', '- id: a\n   description: d\n')

  expect(parsed).toMatchObject({
    problems: [{ line: 1, message: expect.stringContaining('The next line is indented further') }],
  })
})

test('two slips in one file are both told', () => {
  const parsed = parseYaml('rules/a.yaml', rule('  message: "a" b') + rule('  message: "c" d'))

  expect(parsed).toMatchObject({ problems: [{ line: 4 }, { line: 9 }] })
})

test('only a condition is sent to block text', () => {
  const parsed = parseYaml('rules/a.yaml', rule('  message: "a" is bad'))

  expect(JSON.stringify(parsed)).not.toContain('block text')
})

test.each([
  ['aliases', (many: number) => `- [${'*a,'.repeat(many)}*a]\n`, 50_000],
  ['tags', (many: number) => `- [${'!a b,'.repeat(many)}c]\n`, 50_000],
  ['commas', (many: number) => `- [${','.repeat(many)}]\n`, 100_000],
  ['lines that are nothing', (many: number) => '  a: b: c\n'.repeat(many), 20_000],
])('a large file of %s is told about, and one twice as long is about twice the work', (_, made, many) => {
  const told = (text: string) => expect(parseYaml('rules/a.yaml', text)).toHaveProperty('problems')
  const work = (some: number) => textWork(() => told(made(some)))

  told(made(many))
  expect(work(1_000) / work(500)).toBeLessThan(3)
})
