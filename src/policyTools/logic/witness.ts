import { samplesOf } from '../../policy/conditions/regexSample.ts'
import type { Clause } from './clause.ts'
import { clausesOf } from './clauses.ts'
import { allowedBy, intervalOf, passes, type Tests } from './domain.ts'
import type { Constant, Formula, TextTest } from './formula.ts'

/** What kind of value a path holds; `unknown`: whatever the tests suggest. */
export type Kind = 'text' | 'whole' | 'number' | 'flag' | 'unknown'

/** A value that most likely passes the tests: whoever asks tries it. Null where none was thought of. */
export function scalarFor(tests: Tests, kind: Kind): Constant | null {
  return candidatesFor(tests, kind)[0] ?? null
}

/** All the values that were thought of, the likeliest first. */
export function candidatesFor(tests: Tests, kind: Kind): readonly Constant[] {
  const candidates = allowedBy(tests) ?? (kindOf(tests, kind) === 'text' ? texts(tests) : others(tests, kind))
  return candidates.filter((value) => tests.every((test) => passes(value, test)))
}

/** Items for a list that most likely passes the tests, of `least` items or more. Null where none was thought of. */
export function listFor(
  tests: Tests,
  { item, sizes }: { readonly item: Kind; readonly sizes: Tests },
): readonly Constant[] | null {
  const every = tests.filter((test) => test.is === 'every')
  const asked = tests.flatMap((test) => (test.is === 'some' ? [test] : []))
  const held = tests.flatMap((test) => (test.is === 'holding' ? [test.value] : []))
  const one = (variable: string, formulas: readonly Formula[]): Constant | null =>
    itemFor(variable, {
      formulas: [...formulas, ...every.filter((rule) => rule.variable === variable).map(({ of }) => of)],
      item,
    })
  const found = asked.map((test) => one(test.variable, [test.of]))
  const items = [...held, ...found.filter((value) => value !== null)]
  if (items.length < held.length + asked.length) return null
  const least = scalarFor(sizes, 'whole')
  const filler = every[0] ? one(every[0].variable, []) : scalarFor([], item)
  while (typeof least === 'number' && items.length < Math.min(least, 1_000) && filler !== null)
    items.push(filler)
  return items
}

function itemFor(
  variable: string,
  { formulas, item }: { readonly formulas: readonly Formula[]; readonly item: Kind },
): Constant | null {
  for (const clause of clausesOf(formulas).clauses) {
    const value = scalarFor(testsOf(clause, variable), item)
    if (value !== null) return value
  }
  return null
}

/** What is asked of a text or a number, of its text in small letters (such a text passes both), and of its size. */
export function testsOf(clause: Clause, path: string): Tests {
  const sizes = clause.get(`size(${path})`)
  const size = sizes && scalarFor(sizes, 'whole')
  const own = [...(clause.get(path) ?? []), ...(clause.get(`lowerAscii(${path})`) ?? [])]
  if (typeof size !== 'number' || size <= 0 || size > longest) return own
  if (size > 1_000) return [...own, { is: 'among', values: [stretched(own, size)] }]
  return [...own, { is: 'text', how: 'matches', operand: `^.{${size}}$`, holds: true }]
}

/** A text of more characters is never made. */
const longest = 100_000

/** A text that is likely to pass the tests, made so long in its middle. */
function stretched(tests: Tests, size: number): string {
  const { start, middle, end } = required(tests)
  const rest = size - [...start, ...middle, ...end].length
  return start + middle + 'x'.repeat(Math.max(0, rest)) + end
}

function kindOf(tests: Tests, kind: Kind): Kind {
  if (kind !== 'unknown') return kind
  for (const test of tests) {
    if (test.is === 'text') return 'text'
    if (test.is === 'below' || test.is === 'above') return 'whole'
    if (test.is === 'not among' && test.values[0] !== undefined)
      return typeof test.values[0] === 'number'
        ? 'whole'
        : typeof test.values[0] === 'string'
          ? 'text'
          : 'flag'
  }
  return 'text'
}

function texts(tests: Tests): readonly string[] {
  const { start, middle, end } = required(tests)
  const inner = textsOf(tests, 'matches').flatMap(samplesOf)
  const written = ['other', 'z9', '', ...inner]
  return ['', ...written]
    .flatMap((filler) => [start + middle + filler + end, start + filler + middle + end])
    .concat(inner)
}

/** What a text has to begin with, to hold and to end with. */
function required(tests: Tests): { readonly start: string; readonly middle: string; readonly end: string } {
  const longestOf = (operands: readonly string[]): string =>
    operands.reduce((best, one) => (one.length > best.length ? one : best), '')
  return {
    start: longestOf(textsOf(tests, 'startsWith')),
    middle: textsOf(tests, 'contains').join(' '),
    end: longestOf(textsOf(tests, 'endsWith')),
  }
}

function textsOf(tests: Tests, how: TextTest): readonly string[] {
  return tests.flatMap((test) => (test.is === 'text' && test.how === how && test.holds ? [test.operand] : []))
}

function others(tests: Tests, kind: Kind): readonly Constant[] {
  const actual = kindOf(tests, kind)
  if (actual === 'flag') return [false, true]
  const { low, high } = intervalOf(tests)
  const step = actual === 'whole' ? 1 : 0.5
  const near = [low.at, low.at + step, high.at, high.at - step, (low.at + high.at) / 2].filter(
    Number.isFinite,
  )
  const numbers = [1, ...near, 0, 2, 3, 7, -1, 1_000_003]
  return actual === 'whole' ? numbers.map(Math.floor) : numbers
}
