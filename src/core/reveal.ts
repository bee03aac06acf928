import { unseen } from './visible.ts'

/** What cannot be seen in a text from outside is shown. Escaping is the business of whoever draws it. */

/**
 * Characters that change what is read without being seen: bidirectional and format controls, zero width, tags,
 * variation selectors, line and paragraph separators, spaces other than the usual one, the blank Braille pattern,
 * control characters, half surrogates, and accents piled so high that they cover other lines. A variation selector that
 * only chooses an emoji's picture hides nothing and stays.
 */
const hidden = new RegExp(
  [
    String.raw`(?<!\p{Extended_Pictographic})\uFE0F`,
    String.raw`(?!\uFE0F)[${unseen}\p{Zl}\p{Zp}]`,
    String.raw`(?! )\p{Zs}`,
    String.raw`(?<=\p{M}{3})\p{M}`,
    String.raw`(?![\n\t])\p{Cc}`,
  ].join('|'),
  'gu',
)

/** True when `reveal` would show something. */
export function hasHidden(text: string): boolean {
  return text.search(hidden) !== -1
}

/** What looks like a mark of ours, so that a text cannot pretend to hide something, or hide by such a pretence. */
const hiddenOrMark = new RegExp(String.raw`\[(?=U\+)|${hidden.source}`, 'gu')

/**
 * Hidden characters as `[U+202E]`; new lines and tabs stay. Where the text itself has such a mark written out, its bracket
 * is named: `[U+005B]U+202E]`. So no two texts are shown alike.
 */
export function reveal(text: string): string {
  return text.replace(hiddenOrMark, named)
}

/** Whether a text that was revealed has a mark of ours in it; a bracket that was only named is none. */
export function hasMark(shown: string): boolean {
  return /\[U\+(?!005B\])/.test(shown)
}

/** The same on one line: new lines and tabs are named too, so that a value cannot pretend to be two lines. */
export function revealLine(text: string): string {
  return onOneLine(reveal(text))
}

/** A text that was revealed, on one line. */
export function onOneLine(shown: string): string {
  return shown.replace(/[\n\t]/g, named)
}

/** Unicode's first strong isolate and its end (https://www.unicode.org/reports/tr9/). */
export const isolate = { begin: '\u2068', end: '\u2069' } as const

/** Letters that are written from right to left. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/** A text that was revealed, so that it does not turn around what stands beside it. */
export function isolated(shown: string): string {
  return rightToLeft.test(shown) ? `${isolate.begin}${shown}${isolate.end}` : shown
}

function named(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}
