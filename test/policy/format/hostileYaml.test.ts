import { expect, test } from 'vitest'
import { parseYaml } from '../../../src/policy/format/yaml.ts'
import { textWork } from '../../support/textWork.ts'

const codes = (text: string): readonly string[] => {
  const parsed = parseYaml('rules/a.yaml', text)
  return 'problems' in parsed ? parsed.problems.map(({ code }) => code) : []
}
const value = (text: string): unknown => {
  const parsed = parseYaml('rules/a.yaml', text)
  return 'source' in parsed ? parsed.source.value : parsed.problems
}

test('a bomb of aliases is refused before anything expands it', () => {
  const levels = Array.from(
    { length: 30 },
    (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`,
  )

  const found = codes(['l0: &l0 [x]', ...levels].join('\n'))

  expect(new Set(found)).toEqual(new Set(['yaml/alias']))
})

test('nesting without end is refused, not a stack overflow', () => {
  expect(codes('['.repeat(100_000))).toContain('yaml/too-deep')
  expect(codes('{a: '.repeat(100_000))).toContain('yaml/too-deep')
})

test('a mapping of thousands of equal keys is refused, and twice as many are about twice the work', () => {
  const refused = (keys: number) =>
    textWork(() => expect(codes('a: 1\n'.repeat(keys))).toHaveLength(keys - 1))

  expect(codes('a: 1\n'.repeat(50_000))).toHaveLength(49_999)
  expect(refused(1_000) / refused(500)).toBeLessThan(3)
})

test.each([
  ['a duplicate key, however it is quoted', 'a: 1\n"a": 2\n', 'yaml/duplicate-key'],
  ['a duplicate key by escape', 'a: 1\n"\\x61": 2\n', 'yaml/duplicate-key'],
  ['__proto__', '__proto__: {verdict: allow}\n', 'yaml/key'],
  ['__proto__ by escape', '"\\x5f_proto__": {verdict: allow}\n', 'yaml/key'],
  ['a key that is a list', '? [a]\n: 1\n', 'yaml/key'],
  ['an anchor on a key', '&x a: 1\n', 'yaml/alias'],
  ['an anchor on a list', 'a: &x [1]\n', 'yaml/alias'],
  ['an alias as a key', 'a: &x b\n*x : 1\n', 'yaml/key'],
  ['a tag that is not known', 'a: !foo 1\n', 'yaml/tag'],
  ['a tag on a key', '!!str a: 1\n', 'yaml/tag'],
  ['a binary', 'a: !!binary aGk=\n', 'yaml/tag'],
  ['a set', 'a: !!set {b}\n', 'yaml/tag'],
  ['a merge key in quotes', '"<<": {a: 1}\n', 'yaml/merge-key'],
  ['a tab inside text', 'a: "b\tc"\n', 'yaml/tab'],
  ['a tag directive', '%TAG ! tag:x,2000:\n---\na: 1\n', 'yaml/directive'],
  ['half a surrogate pair', 'a: "\\uD800"\n', 'yaml/value'],
  ['infinity', 'a: 1e400\n', 'yaml/value'],
  ['a second document', 'a: 1\n---\nb: 2\n', 'yaml/many-documents'],
])('%s is refused', (_what, text, code) => {
  expect(codes(text)).toContain(code)
})

test('words that YAML 1.1 read as booleans stay words', () => {
  expect(value('[no, on, off, yes, y, 2026-12-18, 12:30]')).toEqual([
    'no',
    'on',
    'off',
    'yes',
    'y',
    '2026-12-18',
    '12:30',
  ])
})

test('names of things that every object has are ordinary keys', () => {
  expect(value('constructor: 1\ntoString: 2\nhasOwnProperty: 3\n')).toEqual({
    constructor: 1,
    toString: 2,
    hasOwnProperty: 3,
  })
})
