/** A space that is drawn although others stand beside it. In text from outside it is shown as its code, so here it is always ours. */
const keptSpace = '\u00a0'

/** Of spaces beside each other Teams may draw one: these stay. So does a sign with the word that it stands before. */
export function withSpaces(text: string): string {
  return text.replace(/ (?= )|(?<=⚠) /g, keptSpace)
}

/** In lines that are laid out those at the beginning stay, too. */
export function withIndents(lines: string): string {
  return withSpaces(lines.replace(/^ /gm, keptSpace))
}

/** Where something like a function could begin, and where one of those that Teams knows does (its dates begin with a digit). */
const begins = { any: /(?<=\{)(?=\{[^{])/, known: /(?<=\{)(?=\{\s*(?:DATE|TIME)\s*\(\s*\d)/i } as const

/** Each part costs as much as many letters: a text that is made of braces would have no room anywhere. */
const mostParts = 100

/**
 * The same text in parts, none of which holds a function of Teams' such as `{{DATE(…)}}`: a text that has one written out is shown
 * as it was written. Each part has to be a run of its own.
 */
export function withoutFunctions(text: string): readonly string[] {
  const parts = text.split(begins.any)
  return parts.length <= mostParts ? parts : text.split(begins.known)
}
