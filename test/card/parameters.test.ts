import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parameterLines } from '../../src/card/parameters.ts'
import { cases } from '../support/cases.ts'
import { params } from './anyParams.ts'

describe('long texts', () => {
  test('are shown as they read, each line behind a margin, broken between words', () => {
    const sql = "SELECT id, email FROM users WHERE plan = 'free'\n  AND signed_up_at > '2026-01-01'\n"

    expect(parameterLines({ sql, n: 1 })).toEqual([
      'n: 1',
      'sql: text, 3 lines',
      '│ SELECT id, email FROM users WHERE ',
      "┆ plan = 'free'",
      "│   AND signed_up_at > '2026-01-01'",
      '│ ',
    ])
  })

  test('within other values too, where their lines end with them', () => {
    const lines = parameterLines({ arguments: { query: 'a\nb', limit: 5 }, list: ['x\ny', 'z'.repeat(90)] })

    expect(lines).toEqual([
      'arguments: {"limit": 5, "query": "a\\nb"}',
      'list: [',
      '  text, 2 lines',
      '  │ x',
      '  │ y',
      '  text, 1 line',
      ...['z'.repeat(38), 'z'.repeat(38), 'z'.repeat(14)].map(
        (part, nth) => `  ${nth === 0 ? '│' : '┆'} ${part}`,
      ),
      ']',
    ])
  })

  test('have no line that a phone breaks', () => {
    const sql = `${'SELECT something_long_enough, '.repeat(40)}\n${'x'.repeat(500)}`

    expect(Math.max(...parameterLines({ sql }).map((line) => line.length))).toBeLessThanOrEqual(40)
  })

  test('do not pretend to be a margin, another line or another parameter', () => {
    const lines = parameterLines({ note: 'a\\nb\n│ c\nrows: 1\n┆ d' })

    expect(lines).toEqual(['note: text, 4 lines', '│ a\\nb', '│ │ c', '│ rows: 1', '│ ┆ d'])
  })

  test('show the spaces at their ends', () => {
    expect(parameterLines({ a: 'x \ny   ' })).toEqual(['a: text, 2 lines', '│ x[U+0020]', '│ y[U+0020 ×3]'])
  })
})

test('injective: no two values are shown alike', () => {
  const seen = new Map<string, string>()
  fc.assert(
    fc.property(params, (one) => {
      const shown = parameterLines(one).join('\n')
      const written = JSON.stringify(
        Object.entries(one)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map((entry) => sorted(entry)),
      )
      expect(seen.get(shown) ?? written).toBe(written)
      seen.set(shown, written)
    }),
    { numRuns: cases(4_000) },
  )
  expect(seen.size).toBeGreaterThan(100)
})

test.each([
  ['a break of ours and one of theirs', 'word '.repeat(20), `${'word '.repeat(7)}\n${'word '.repeat(13)}`],
  ['a mark and what it stands for', 'a\u202eb', 'a[U+202E]b'],
  ['a mark behind a bracket', '[\u202e', '[[U+202E]'],
  ['runs of spaces and their mark', `a${' '.repeat(12)}b`, 'a[U+0020 ×12]b'],
  ['a text and the text of its lines', 'a\nb', 'text, 2 lines\n│ a\n│ b'],
  ['one item of two lines and two items', ['a\nb', 'c'.repeat(90)], ['a', 'b', 'c'.repeat(90)]],
])('injective: %s', (_, one, other) => {
  expect(parameterLines({ x: one })).not.toEqual(parameterLines({ x: other }))
})

/** Keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => ({ [key]: sorted(item) }))
}
