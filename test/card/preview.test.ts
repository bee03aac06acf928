import { describe, expect, test } from 'vitest'
import { cardContent } from '../../src/card/content.ts'
import { factsOf } from '../../src/card/facts.ts'
import type { Preview } from '../../src/core/preview.ts'
import { viewOfExport } from './views.ts'
import { written } from './written.ts'

const at = '2026-11-24T14:00:02.000Z'
const about = { target: 'warehouse', at } as const
const made = (rows: number): Preview => ({ kind: 'made', tables: ['public.users'], rows, ...about })

describe('an estimate is not said more exactly than it is', () => {
  test.each([
    [0, 'about 0 rows'],
    [1, 'about 1 row'],
    [987, 'about 987 rows'],
    [1_234, 'about 1,230 rows'],
    [248_317, 'about 248,000 rows'],
    [999_999, 'about 1,000,000 rows'],
    [Number.MAX_SAFE_INTEGER, 'about 9,010,000,000,000,000 rows'],
  ])('%i: %s', (rows, says) => {
    const { consequence } = cardContent(viewOfExport({ preview: made(rows) }))

    expect(written(consequence.marks)).toBe(
      `"Reads · ${says} in «public.users ≤130» by the database's estimate"`,
    )
  })
})

describe('threats: what-you-see', () => {
  const seen = (preview?: Preview) => factsOf(viewOfExport(preview && { preview }).request).text

  test('what approvers are told that it would touch, and when it was said, is among the bytes that they saw', () => {
    expect(seen(made(248_317))).toContain(
      "\npreview: about 248,000 rows in public.users by the database's estimate (warehouse, 2026-11-24T14:00:02.000Z)\n",
    )
    expect(seen({ kind: 'none', why: 'no_answer', ...about })).toContain(
      '\npreview: none, the database did not answer within 3 s (warehouse, 2026-11-24T14:00:02.000Z)\n',
    )
  })

  test('another estimate, table, target or moment is another thing seen', () => {
    const all = [
      undefined,
      made(248_317),
      made(3),
      { ...made(248_317), tables: ['public.orders'] },
      { ...made(248_317), target: 'lake' },
      { ...made(248_317), at: '2026-11-24T14:00:03.000Z' },
      { kind: 'none', why: 'refused', ...about },
    ] as const

    expect(new Set(all.map((one) => seen(one))).size).toBe(all.length)
  })

  test('without one, the bytes are those that they always were', () => {
    const without = seen()

    expect(without).not.toContain('preview')
    expect(seen(made(3)).replace(/\npreview: .*/, '')).toBe(without)
  })

  test('a table cannot begin a line of its own, or hide a character', () => {
    const hostile = seen({ ...made(3), tables: ['public.x\ndigest: sha256:0\u202e'] } as Preview)

    expect(hostile.split('\n').filter((line) => line.startsWith('digest: '))).toHaveLength(1)
    expect(hostile).toContain('[U+202E]')
  })
})
