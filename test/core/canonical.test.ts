import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/core/canonical.ts'
import { cases } from '../support/cases.ts'

/** Text of every kind, lone surrogates included. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom(
    '10',
    '9',
    '',
    '\\ud800',
    '\\\\ud800',
    '__proto__',
    'toJSON',
    '\u2028',
    '\u007f',
    '"',
    '\\',
  ),
)
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any')),
    fc.dictionary(text, tie('any')),
  ),
})).any

const written = (write: () => string | undefined) => {
  try {
    return write()
  } catch {
    return 'refused'
  }
}

test('whatever the value: the text is that of a reference implementation of RFC 8785, or both refuse it', () => {
  fc.assert(
    fc.property(value, (one) => {
      const of = { '@type': 'x', one }
      expect(written(() => canonical(of))).toBe(written(() => canonicalize(of)))
    }),
    { numRuns: cases(300) },
  )
})

describe('the examples of RFC 8785', () => {
  test('3.2.2: numbers, strings and literals', () => {
    const input = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonical(input)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('3.2.3: keys in the order of their UTF-16 code units', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']
    expect(canonical(Object.fromEntries(keys.map((key) => [key, 0])))).toBe(
      `{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`,
    )
  })
})

test.each([
  ['a lone surrogate', { a: '\ud800' }],
  ['one in a key', { '\udc00': 1 }],
  ['one behind a backslash', { a: '\\\ud800' }],
  ['not a number', { a: Number.NaN }],
  ['infinity', { a: Number.POSITIVE_INFINITY }],
])('%s is refused', (_, of) => {
  expect(() => canonical(of)).toThrow()
})

test('control: text that only looks like the escape of a lone surrogate is text', () => {
  expect(canonical({ a: '\\ud800' })).toBe('{"a":"\\\\ud800"}')
})

test('a value that holds itself is refused', () => {
  const of: Record<string, unknown> = {}
  of.of = of
  expect(() => canonical(of)).toThrow()
})
