import { isolate, reveal, revealLine } from '../core/reveal.ts'

export { hasHidden, hasMark, isolated, onOneLine, reveal, revealLine } from '../core/reveal.ts'

/**
 * Text from outside: what cannot be seen is shown (`core/reveal.ts`), what is too long is cut. Escaping is each channel's own. A text is
 * revealed once: what was revealed already holds our marks, and would seem to hold them itself.
 */

/** In a text that was revealed: runs of at least `from` spaces as `[U+0020 ×200]`: what stands behind them would be out of sight. */
export function revealRuns(text: string, from: number): string {
  return text.replace(new RegExp(` {${from},}`, 'g'), (run) => `[U+0020 ×${run.length}]`)
}

/**
 * A name from outside as one word, revealed: bare when it cannot be taken for anything else, in quotes otherwise, so that it
 * cannot pretend to be two words or one of our own beside it.
 */
export function word(text: string): string {
  return /^[\w./:@#+*%=,~-]+$/.test(text) ? text : revealRuns(revealLine(JSON.stringify(text)), 2)
}

/** Length in code points: what people take for characters, nearly. */
export function lengthOf(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** At most `max` code points, one more where that closes an isolate; what is missing shows as one `…`. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const points = [...text]
  if (points.length <= max) return text
  const kept = `${points.slice(0, max - 1).join('')}…`
  return kept.lastIndexOf(isolate.begin) > kept.lastIndexOf(isolate.end) ? kept + isolate.end : kept
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
