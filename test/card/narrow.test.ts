import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cardContent } from '../../src/card/content.ts'
import { factsOf } from '../../src/card/facts.ts'
import { shownDigest } from '../../src/card/masked.ts'
import { narrow, narrowLines } from '../../src/card/narrow.ts'
import { parameterLines } from '../../src/card/parameters.ts'
import { pagesOf } from '../../src/card/reading/pages.ts'
import { seenText } from '../../src/card/seen.ts'
import { cases } from '../support/cases.ts'
import { params } from './anyParams.ts'
import { viewOfExport } from './views.ts'

const hostile = `-- ${'x'.repeat(30)}ok: 1`

describe('what-you-see: a line that a phone would break is broken by us, and marked', () => {
  test('so that its end does not pass for another parameter', () => {
    expect(narrowLines(parameterLines({ sql: `${hostile}\nSELECT 1`, tables: ['a'] }))).toEqual([
      'sql: text, 2 lines',
      '│ -- ',
      `┆ ${'x'.repeat(28)}`,
      '┆ xxok: 1',
      '│ SELECT 1',
      'tables: ["a"]',
    ])
  })

  test('on the card and in the full request', () => {
    const view = viewOfExport({ params: { sql: `${hostile}\n`, list: ['customer_id', 'email', 'region'] } })
    const { parameters } = cardContent(view)
    const drawn = 'lines' in parameters ? parameters.lines : []
    const pages = pagesOf(factsOf(view.request).drawn.text).flat().join('\n').split('\n')

    expect(drawn).toContain('┆ xxok: 1')
    expect(drawn).toContain('list: ["customer_id", ')
    expect(drawn).toContain('┆ "email", "region"]')
    expect(pages).toContain('  ┆ xxxxok: 1')
    expect(Math.max(...[...drawn, ...pages].map((line) => line.length))).toBeLessThanOrEqual(narrow)
  })

  test.each([
    ['a value in one line', { note: `${'y'.repeat(40)} ok: 1` }],
    ['a name', { ['k'.repeat(70)]: 1, [`${'k'.repeat(40)} ok: 1`]: 2 }],
    ['a value far inside', JSON.parse(`{"a":${'{"b":['.repeat(30)}"${'z'.repeat(50)}"${']}'.repeat(30)}}`)],
  ])('%s too', (_, one) => {
    const lines = narrowLines(parameterLines(one))

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(narrow)
    expect(lines.filter((line) => line.startsWith('ok'))).toEqual([])
  })

  test('letters that are wider than others count as what they are', () => {
    const [, , ...lines] = narrowLines(parameterLines({ sql: `${'ａ'.repeat(20)}\n${'\ufdfd'.repeat(5)}` }))

    expect(lines).toEqual([`┆ ${'ａ'.repeat(6)}`, '│ \ufdfd\ufdfd', '┆ \ufdfd\ufdfd', '┆ \ufdfd'])
  })

  test('a short word and a mark of ours stay whole', () => {
    const words = 'SELECT customer_id, email, plan_name FROM warehouse.users WHERE [U+0020 ×12] signed_up'
    const lines = narrowLines(parameterLines({ sql: `${words}\n${'a'.repeat(27)}\u202eb` }))

    expect(lines.slice(1, -2).map((line) => line.slice(2))).toEqual([
      'SELECT customer_id, email, ',
      'plan_name FROM ',
      'warehouse.users WHERE ',
      '[U+005B]U+0020 ×12] ',
      'signed_up',
    ])
    expect(lines.slice(-2)).toEqual([`│ ${'a'.repeat(27)}`, '┆ [U+202E]b'])
  })

  test('control: what fits stays as it is', () => {
    const lines = ['rows: 250000', 'sql: text, 2 lines', '│ SELECT 1', '│   -- two', 'table: "users"']

    expect(narrowLines(lines)).toEqual(lines)
  })
})

test('injective: no two values are drawn alike, in no line longer than a phone shows', () => {
  const drawn = new Map<string, string>()
  fc.assert(
    fc.property(params, (one) => {
      const lines = narrowLines(parameterLines(one))
      const seen = parameterLines(one).join('\n')

      expect(drawn.get(lines.join('\n')) ?? seen).toBe(seen)
      expect(Math.max(0, ...lines.map((line) => [...line].length))).toBeLessThanOrEqual(narrow)
      drawn.set(lines.join('\n'), seen)
    }),
    { numRuns: cases(4_000) },
  )
  expect(drawn.size).toBeGreaterThan(100)
})

test('what is recorded as seen has the lines that it always had', () => {
  const { request } = viewOfExport({ params: { sql: `${hostile}\n` } })
  const facts = factsOf(request)

  expect(facts.text).toBe(
    seenText({ ...facts, parameters: parameterLines(request.action.params) }, shownDigest(request)),
  )
  expect(facts.text).toContain(`\n  │ ${hostile}\n`)
})
