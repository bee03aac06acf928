import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pagesOf } from '../../src/card/reading/pages.ts'
import { lengthOf, revealLine } from '../../src/card/text.ts'
import { inline, unescapeText } from '../../src/slack/text/escape.ts'
import { anything } from '../card/anything.ts'
import { cases } from '../support/cases.ts'

describe('inert text', () => {
  test('nothing from outside can make a mention, a link or a new line', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 200 }), (text, max) => {
        const shown = inline(text, max)

        expect(shown).not.toMatch(/[<>\n\r]/)
        expect(shown.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&')
        expect(lengthOf(shown)).toBeLessThanOrEqual(max)
      }),
    )
  })

  test('what fits is complete', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(unescapeText(inline(text, 100_000))).toBe(revealLine(text))
      }),
    )
  })
})

test('pages leave nothing out', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 9_000 }), { maxLength: 40 }), (lines) => {
      const text = lines.map((line) => line.replaceAll('\n', ' ')).join('\n')

      const pages = pagesOf(text)

      expect(pages.flat().join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''))
      for (const block of pages.flat()) expect(lengthOf(block)).toBeLessThanOrEqual(2_900)
    }),
    { numRuns: cases(50) },
  )
})
