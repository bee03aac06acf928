import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut, hasHidden, reveal, revealLine } from '../../src/card/text.ts'
import { anything } from './anything.ts'

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

  test('revealing leaves nothing hidden', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(hasHidden(reveal(text))).toBe(false)
      }),
    )
  })
})

test('cutting counts code points and never halves one', () => {
  expect(cut('😀😀😀', 3)).toBe('😀😀😀')
  expect(cut('😀😀😀😀', 3)).toBe('😀😀…')
})
