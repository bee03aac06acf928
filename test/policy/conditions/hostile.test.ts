import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { bind } from '../../../src/policy/conditions/bind.ts'
import type { Bindings } from '../../../src/policy/conditions/engine.ts'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import type { Facts } from '../../../src/policy/facts.ts'
import { processorTime } from '../../../src/processorTime.ts'
import { accepted, codes } from './compile.ts'

/**
 * Milliseconds of processor time that one run takes, from as many runs as can be measured: others on the machine do not
 * count. The best of several.
 */
function work(run: () => void): number {
  const measured = (): number => {
    const before = processorTime()
    let runs = 0
    while (processorTime() - before < 10) {
      run()
      runs += 1
    }
    return (processorTime() - before) / runs
  }
  return Math.min(...Array.from({ length: 3 }, measured))
}

function boundTo(params: JsonObject): Bindings {
  const facts: Facts = {
    at: '2026-11-24T14:00:00Z',
    environment: 'prod',
    resource: { sensitivity: 'unknown', labels: {} },
    agent: { id: 'agt_1' },
  }
  return bind({ action: 'pay', resource: { type: 't', id: 'x' }, params, environment: 'prod' }, facts, 'open')
}

/** A pattern over the longest text that is searched, which nearly fits. */
function searching(pattern: string, letter: string): number {
  const { eval: evaluate } = accepted(`params.to.matches(${JSON.stringify(pattern)})`)
  const bindings = boundTo({ to: `${letter.repeat(conditionLimits.searched - 1)}!` })
  return work(() => {
    if (!evaluate(bindings).ok) throw new Error('it cannot be searched')
  })
}

describe('a pattern that makes other engines hang is as good as a plain one: its time is in proportion to the text', () => {
  const plain = searching('[a-z]+$', 'a')

  test.each([
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
    // One more factor of the text's length would be 8,192.
    expect(searching(pattern, letter) / plain).toBeLessThan(100)
  })

  test('control: with the regular expressions of the platform, the time doubles with every letter', () => {
    const searched = (length: number): number => work(() => void /(a+)+$/.test(`${'a'.repeat(length)}!`))

    expect(searched(22) / searched(12)).toBeGreaterThan(20)
  })
})

/** Filled up to the longest condition there may be. */
const full = (piece: string, rest = ''): string =>
  piece.repeat(Math.floor((conditionLimits.length - rest.length) / piece.length)) + rest

describe('text that is hard on a parser is refused, with its limit, and is no harder than a plain condition', () => {
  const plain = full('params.cents > 5 && ', 'true')
  const usual = work(() => void codes(plain))

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
    expect(work(() => void codes(source)) / usual).toBeLessThan(5)
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
      { numRuns: 3_000 },
    )
  })
})
