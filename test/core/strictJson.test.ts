import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/core/refusal.ts'
import { jsonLimits, parseStrictJson } from '../../src/core/strictJson.ts'

function refusalOf(text: string): { code: string; pointer: string | undefined } {
  try {
    parseStrictJson(text)
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, pointer: error.problems[0]?.pointer }
    throw error
  }
  throw new Error('nothing was refused')
}

describe('ambiguous-json: what two parsers could read differently is refused with its place', () => {
  test.each([
    ['a key twice', '{"a":{"b":1,"b":2}}', 'ambiguous_json', '/a/b'],
    ['a key twice with equal values', '{"b":1,"b":1}', 'ambiguous_json', '/b'],
    ['a key twice, once escaped', '{"ab":1,"\\u0061b":2}', 'ambiguous_json', '/ab'],
    ['a key twice in an array element', '[{"x":0},{"y":1,"y":2}]', 'ambiguous_json', '/1/y'],
    ['an integer beyond 2^53', '{"rows":9007199254740993}', 'ambiguous_json', '/rows'],
    ['2^53 itself', '{"rows":9007199254740992}', 'ambiguous_json', '/rows'],
    ['an integer beyond 2^53 in disguise', '{"rows":9.007199254740993e15}', 'ambiguous_json', '/rows'],
    ['a number out of range', '[1,1e999]', 'ambiguous_json', '/1'],
    ['more digits than a double holds', '{"x":0.12345678901234567890}', 'ambiguous_json', '/x'],
    ['negative zero', '{"x":-0}', 'ambiguous_json', '/x'],
    ['a lone surrogate in a value', '{"x":["\\ud800"]}', 'ambiguous_json', '/x/0'],
    ['a lone surrogate in a key', '{"x":{"\\udc00":1}}', 'ambiguous_json', '/x'],
    ['__proto__', '{"params":{"__proto__":{}}}', 'ambiguous_json', '/params/__proto__'],
    ['__proto__, escaped', '{"\\u005f_proto__":1}', 'ambiguous_json', '/__proto__'],
    ['a slash and a tilde in the place', '{"a/b":{"c~d":-0}}', 'ambiguous_json', '/a~1b/c~0d'],
    ['not JSON', '{"a":', 'invalid_json', ''],
    ['a trailing comma', '[1,]', 'invalid_json', ''],
    ['a comment', '{} // x', 'invalid_json', ''],
  ])('%s', (_, text, code, pointer) => {
    expect(refusalOf(text)).toEqual({ code, pointer })
  })
})

describe('limits', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  test('depth 32 passes and 33 is refused', () => {
    expect(() => parseStrictJson(nested(jsonLimits.depth))).not.toThrow()
    expect(refusalOf(nested(jsonLimits.depth + 1)).code).toBe('too_deep')
  })

  test('a hundred thousand brackets do not exhaust the stack', () => {
    expect(refusalOf(nested(100_000)).code).toBe('too_deep')
  })

  test('a list of 1,000 passes and one of 1,001 is refused', () => {
    const list = (length: number) => JSON.stringify({ list: Array.from({ length }, () => 0) })
    expect(() => parseStrictJson(list(1_000))).not.toThrow()
    expect(refusalOf(list(1_001))).toEqual({ code: 'too_large', pointer: '/list' })
  })

  test('a text of 64 KiB passes and a longer one is refused', () => {
    expect(() => parseStrictJson(JSON.stringify('x'.repeat(jsonLimits.text)))).not.toThrow()
    expect(refusalOf(JSON.stringify(['x'.repeat(jsonLimits.text + 1)]))).toEqual({
      code: 'too_large',
      pointer: '/0',
    })
  })

  test('a body over 256 KiB is refused, counted in bytes', () => {
    expect(refusalOf(`["${'é'.repeat(jsonLimits.bytes / 2)}"]`).code).toBe('too_large')
  })
})

test.each([
  '1.0',
  '1e2',
  '0.1',
  '-12.50',
  '1.5e-300',
  '5e-324',
  '123456789012345',
  '"a,b:{}[]\\"\\\\"',
  'true',
  'null',
])('what is unambiguous is read as JSON reads it: %s', (text) => {
  expect(parseStrictJson(`{"a":[${text}]}`)).toEqual(JSON.parse(`{"a":[${text}]}`))
})

test('every value that JSON.stringify writes is read back, unless it is one that is refused on purpose', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value)
      try {
        expect(parseStrictJson(text)).toEqual(JSON.parse(text))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        expect(text).toMatch(/__proto__|\\ud|\d{16,}|e\+|-0|\d\.\d{15,}/)
      }
    }),
    { numRuns: 500 },
  )
})
