import { unseen } from '../core/visible.ts'

/** Text from outside: what cannot be seen is shown, what is too long is cut. Escaping is each channel's own. */

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

/** Hidden characters as `[U+202E]`; new lines and tabs stay. */
export function reveal(text: string): string {
  return text.replace(hidden, named)
}

/** The same on one line: new lines and tabs are named too, so that a value cannot pretend to be two lines. */
export function revealLine(text: string): string {
  return reveal(text).replace(/[\n\t]/g, named)
}

/** Runs of at least `from` spaces as `[U+0020 ×200]`: what stands behind them would be out of sight. */
export function revealRuns(text: string, from: number): string {
  return text.replace(new RegExp(` {${from},}`, 'g'), (run) => `[U+0020 ×${run.length}]`)
}

/**
 * A name from outside as one word: bare when it cannot be taken for anything else, in quotes otherwise, so that it
 * cannot pretend to be two words or one of our own beside it.
 */
export function word(text: string): string {
  return /^[\w./:@#+*%=,~-]+$/.test(text) ? text : revealRuns(JSON.stringify(text), 2)
}

/** Length in code points: what people take for characters, nearly. */
export function lengthOf(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** At most `max` code points; what is missing shows as one `…`. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const points = [...text]
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`
}

/** The first `max` code points: never half of one, which could not be recorded. */
export function firstPoints(text: string, max: number): string {
  return text.length <= max ? text : [...text].slice(0, max).join('')
}

/** Somebody's prose on a card: it may not push the buttons out of sight. */
export function prose(text: string, max: number): string {
  const lines = reveal(text.trim())
    .split('\n')
    .filter((line) => line.trim() !== '')
  const kept = lines.length > 6 ? [...lines.slice(0, 6), '…'] : lines
  return cut(kept.join('\n'), max) || '(empty)'
}

function named(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}
