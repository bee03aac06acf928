import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../../src/core/json.ts'
import { argvReader, shellReader } from '../../../../src/policy/readers/shell/shellReader.ts'
import { cases } from '../../../support/cases.ts'
import { bundleFiles, loaded } from '../../files.ts'

const commandsWith = (shell: string) =>
  loaded(
    bundleFiles({
      'commands.yaml': `apiVersion: countersign/v1
kind: CommandCatalogue
runs: [{agents: all, shell: ${shell}, settings: []}]
paths: {contents: [/var/log], secret: [id_*]}
programs:
  ls: {style: gnu, tier: names, switches: -l -a, operands: path*}
  grep: {tier: contents, switches: -i, operands: text contents*}
  timeout: {tier: names, operands: number command}
  rm: {tier: destroy, anything: true}
`,
    }),
  ).commands

const [direct, inBash] = [commandsWith('none'), commandsWith('bash')]
const beside = { roots: [], service: null, earlier: null }
const read = (words: Json, commands = direct) => argvReader.read(words, { agent: 'x', commands }, beside)
const why = (words: Json) => {
  const reading = read(words)
  return reading.understood ? 'understood' : reading.why
}

describe('a command as a list of words', () => {
  test('is known as a command line of one command is', () => {
    expect(read(['timeout', '5', 'ls', '-la', 'src'])).toEqual({
      understood: true,
      facts: {
        tier: 'names',
        programs: ['timeout', 'ls'],
        commands: ['timeout', 'ls'],
        flags: ['-l', '-a'],
        network: [],
        hosts: [],
        paths: ['src'],
        contents: [],
        settings: [],
        elevated: false,
      },
    })
    expect(read(['rm', '-rf', '/'])).toMatchObject({ facts: { tier: 'destroy' } })
  })

  test('has no signs of a shell: they are words like others', () => {
    expect(why(['grep', '$(id); rm *', 'a.ts'])).toBe('understood')
    expect(why(['ls', ';', 'rm'])).toBe('`;` is not a plain path.')
    expect(why(['ls', '|', 'sh'])).toBe('`|` is not a plain path.')
  })

  test.each<[Json, string]>([
    ['ls -la', 'It is not a list of texts.'],
    [['ls', 1], 'It is not a list of texts.'],
    [[], 'There is no command in it.'],
    [[''], '`` is not a known program.'],
    [['ls -la'], '`ls -la` is not a known program.'],
    [['ls', 'id_rsa'], '`id_rsa` may be secret.'],
    [['ls', 'a\u0000b'], 'It has a character that is not plain ASCII.'],
    [['ls', 'ä'], 'It has a character that is not plain ASCII.'],
    [['ls', 'a'.repeat(4_000)], 'It has more than 4,000 characters.'],
    [Array.from({ length: 257 }, () => 'ls'), 'It has more than 256 words.'],
  ])('%j is not understood', (words, says) => {
    expect(why(words)).toBe(says)
  })

  test('is not understood of an agent whose commands a shell takes apart, and a line of an agent without a shell neither', () => {
    const nobody = 'Nobody has said how the commands of this agent run.'
    expect(read(['ls'], inBash)).toMatchObject({ understood: false, why: nobody })
    expect(shellReader.read('ls', { agent: 'x', commands: direct }, beside)).toMatchObject({ why: nobody })
  })

  test('goes as far as the line of the same words in quotes', () => {
    const word = fc.constantFrom(
      'ls',
      'grep',
      'timeout',
      'rm',
      '-l',
      '-i',
      '--',
      '5',
      'a.ts',
      'id_x',
      '/var/log/x',
      ';',
    )

    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const line = words.map((one) => `'${one}'`).join(' ')
        const quoted = shellReader.read(line, { agent: 'x', commands: inBash }, beside)
        const reading = read(words)
        expect(reading.understood ? reading : reading.why).toEqual(quoted.understood ? quoted : quoted.why)
      }),
      { numRuns: cases(800) },
    )
  })
})
