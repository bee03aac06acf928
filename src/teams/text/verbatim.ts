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

/**
 * The same text in parts, none of which holds a function of Teams' such as `{{DATE(…)}}`: a text that has one written out is shown
 * as it was written. Each part has to be a run of its own.
 */
export function withoutFunctions(text: string): readonly string[] {
  return text.split(/(?<=\{)(?=\{[^{])/)
}
