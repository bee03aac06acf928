import { expect, test } from 'vitest'
import { escapeHidden, visible } from '../../src/core/visible.ts'

test.each([
  ['zero-width spaces', '\u200b\u200b\u200b'],
  ['Hangul fillers', '\u3164\u115f\uffa0'],
  ['blank Braille', '\u2800'],
  ['tags', '\u{E0041}\u{E0042}'],
  ['spaces of all kinds', ' \u00a0\u2003\n\t'],
])('%s are nothing', (_, text) => {
  expect(visible(text)).toBe('')
})

test('a text keeps what can be seen of it', () => {
  expect(visible('  INC-1\u200b   the\n disk   is full ')).toBe('INC-1 the disk is full')
})

test('what could draw on a terminal, or shows nothing, is written as JSON would; line breaks stay', () => {
  expect(escapeHidden('a\u001b[2Jb\u202ec\r\td\ne\u{E0041}')).toBe(
    'a\\u001b[2Jb\\u202ec\\u000d\\u0009d\ne\\udb40\\udc41',
  )
})
