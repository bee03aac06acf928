import type { Trouble } from './scan.ts'

/** A part of the text that was read: half open, in UTF-16 units. */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly is: 'word' | 'redirect'
}

/**
 * What of a text belongs to no word and no redirect although it should, or is not what a word can be made of. The parser
 * is tolerant: `a (b` gives it the words `a` and `b`, and no error. Null: every character was read.
 */
export function uncovered(text: string, pieces: readonly Piece[]): Trouble | null {
  const sorted = [...pieces].sort((left, right) => left.start - right.start)
  let from = 0
  for (const { start, end, is } of sorted) {
    if (start < from) return { why: 'It can be read in two ways.', at: start }
    if (!between.test(text.slice(from, start))) return { why: 'It can be read in two ways.', at: from }
    if (is === 'word' && !word.test(text.slice(start, end)))
      return { why: 'A word can be read in two ways.', at: start }
    if (is === 'redirect' && !/^(?:$|[ \t\n;&|])/.test(text.slice(end)))
      return { why: 'Something stands right behind a redirect.', at: end }
    from = end
  }
  return between.test(text.slice(from)) ? null : { why: 'It can be read in two ways.', at: from }
}

/** Blanks and what stands between commands. */
const between = /^(?:[ \t\n;]|&&|\|\|?|\\\n)*$/
/** Plain characters, escaped ones, and quoted texts. */
const word = /^(?:[^ \t\n;&|<>()`$'"\\]|\\[^\n]|\\\n|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+$/
