import { describe, expect, test } from 'vitest'
import { bundleFiles, loaded, refused } from './files.ts'

const head = 'apiVersion: countersign/v1\nkind: CommandCatalogue\n'
const withPrograms = (programs: string, rest = '') =>
  bundleFiles({ 'commands.yaml': `${head}${rest}programs:\n  ${programs}\n` })
const problems = (programs: string, rest = '') =>
  refused(withPrograms(programs, rest)).map(({ line, code, message }) => `${line} ${code} ${message}`)

describe('commands.yaml', () => {
  test('has lists of words and pairs in one text, too, and is the same', () => {
    const lists =
      'ls: {also: [dir, vdir], tier: names, switches: [-l, -a|--all], values: {-w|--width: number}, raises: {-l: contents}, needs: [-l]}'
    const texts =
      'ls: {also: dir vdir, tier: names, switches: -l -a|--all, values: -w|--width=number, raises: -l=contents, needs: -l}'
    const programsOf = (programs: string) => {
      const { programs: found } = loaded(withPrograms(programs)).commands
      return JSON.stringify([...found].map(([name, { flags, ...entry }]) => [name, [...flags], entry]))
    }

    expect(programsOf(texts)).toBe(programsOf(lists))
  })

  test('is part of what is judged by: a change of it is another bundle, and a bundle without it keeps its name', () => {
    const [none, one, other] = [
      loaded(bundleFiles()),
      loaded(withPrograms('ls: {tier: names}')),
      loaded(withPrograms('ls: {tier: names, switches: [-l]}')),
    ].map(({ digest }) => digest)

    expect(new Set([none, one, other]).size).toBe(3)
  })

  test.each([
    ['ls: {}', '4 schema/value This needs a `tier`: how far does it go?'],
    [
      'ls: {tier: harmless}',
      '4 schema/value `tier` must be names or contents or network or change or destroy.',
    ],
    ['ls: {tier: names, flags: [-l]}', '4 schema/unknown-property There is no property "flags" here.'],
    [
      'ls: {tier: names, anything: true}',
      '4 schema/value `anything` is only for what changes or destroys: name its words.',
    ],
    [
      'ls: {tier: names, switches: -l x}',
      '4 schema/value `switches` has a word that must be a flag with its dashes',
    ],
    ['ls: {tier: names, values: -w}', '4 schema/value `values` must be `name=value`, each name once'],
    [
      'ls: {tier: names, values: -w=number -w=word}',
      '4 schema/value `values` must be `name=value`, each name once',
    ],
    ['ls: {tier: names, values: w=number}', '4 schema/value `values` must be `name=value`, each name once'],
    [
      'ls: {tier: names, switches: -l, raises: -l=far}',
      '4 schema/value `raises` must be `name=value`, each name once',
    ],
    ['ls: {tier: names, operations: gcp}', '4 schema/value `operations` must be aws.'],
    [
      'ls: {tier: names, switches: [l]}',
      '4 schema/value An item of `switches` must be a flag with its dashes',
    ],
    [
      'ls: {tier: names, switches: [-l], values: {-l: number}}',
      '4 schema/value The flag -l stands there twice: keep one.',
    ],
    [
      'ls: {tier: names, raises: {-l: contents}}',
      '4 schema/value The flag -l is not one of this entry: add it there.',
    ],
    [
      'ls: {tier: names, operands: paths*}',
      '4 schema/value There is no kind "paths": add it to `kinds`. Did you mean "path"?',
    ],
    [
      'ls: {tier: names, operands: "path* name"}',
      '4 schema/value Only the last operand can stand any number of times.',
    ],
    ['ls: {tier: names, also: [ls]}', '4 schema/value ls has an entry already: keep one.'],
    [
      'git: {subcommands: {a: {tier: names}, b: {tier: names, also: [a]}}}',
      '4 schema/value a has an entry already: keep one.',
    ],
  ])('refuses %s', (programs, says) => {
    const [first = ''] = problems(programs)
    expect(first.startsWith(says), first).toBe(true)
  })

  test.each([
    ["kinds: {word: '[a-'}\n", '3 cel/bad-regex The pattern is not RE2'],
    ["kinds: {path: '[a-z]'}\n", '3 schema/value The kind path is built in.'],
    ['runs: [{agents: [], shell: bash, settings: []}]\n', '3 schema/value `agents`'],
    [
      'runs: [{agents: all, shell: zsh, settings: []}]\n',
      '3 schema/value `shell` must be bash or sh or none.',
    ],
    ['directories: [bin]\n', '3 schema/value An item of `directories` must be an absolute path'],
  ])('refuses %s', (rest, says) => {
    const [first = ''] = problems('ls: {tier: names}', rest)
    expect(first.startsWith(says), first).toBe(true)
  })
})
