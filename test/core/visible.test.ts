import { expect, test } from 'vitest'
import { visible } from '../../src/core/visible.ts'

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
