import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cut,
  hasHidden,
  inline,
  lengthOf,
  reveal,
  revealLine,
  unescapeText,
} from '../../src/slack/text/text.ts'
import { pagesOf } from '../../src/slack/windows/pages.ts'
import { cases } from '../support/cases.ts'

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '!', '@', '|', 'a', '\n', '\u202e', '\u200b', '`', '*'),
    maxLength: 300,
  }),
)

describe('hidden characters', () => {
  test.each([
    ['bidi override', '\u202e', '[U+202E]'],
    ['bidi isolate', '\u2066', '[U+2066]'],
    ['zero width space', '\u200b', '[U+200B]'],
    ['zero width joiner', '\u200d', '[U+200D]'],
    ['byte order mark', '\ufeff', '[U+FEFF]'],
    ['tag', '\u{e0041}', '[U+E0041]'],
    ['soft hyphen', '\u00ad', '[U+00AD]'],
    ['line separator', '\u2028', '[U+2028]'],
    ['paragraph separator', '\u2029', '[U+2029]'],
    ['escape', '\u001b', '[U+001B]'],
    ['carriage return', '\r', '[U+000D]'],
    ['variation selector', 'a\ufe0f', 'a[U+FE0F]'],
    ['other variation selector', '\u{e0101}', '[U+E0101]'],
    ['Hangul filler', '\u3164', '[U+3164]'],
    ['blank Braille', '\u2800', '[U+2800]'],
    ['half a surrogate', '\ud800', '[U+D800]'],
  ])('%s is shown', (_, text, shown) => {
    expect(reveal(`x${text}y`)).toBe(`x${shown}y`)
    expect(hasHidden(text)).toBe(true)
  })

  test('what people really write stays as it is', () => {
    for (const text of ['Grüße, Łódź', '日本語', 'a\tb\nc', '✔️ ❤️', 'naïve – “quoted”', 'مرحبا'])
      expect(reveal(text)).toBe(text)
  })

  test('a line has no line breaks left', () => {
    expect(revealLine('a\nb\tc')).toBe('a[U+000A]b[U+0009]c')
  })
})

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

  test('revealing leaves nothing hidden', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(hasHidden(reveal(text))).toBe(false)
      }),
    )
  })

  test('cutting counts code points and never halves one', () => {
    expect(cut('😀😀😀', 3)).toBe('😀😀😀')
    expect(cut('😀😀😀😀', 3)).toBe('😀😀…')
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
