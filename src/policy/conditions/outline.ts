/** What the text of a condition shows without parsing it. */
export interface Outline {
  /** How deep brackets are nested; checked before the parser, whose stack they would use up. */
  readonly deepest: number
  /** The text between the `&&` that are in no bracket. */
  readonly pieces: readonly { readonly source: string; readonly offset: number }[]
}

/** A pattern for a comment, a raw text, a text over several lines, or a text: only the raw ones have no escapes. */
export const textOrComment = [
  String.raw`//[^\n]*`,
  String.raw`[rR]("""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')`,
  String.raw`"""(\\[\s\S]|[^\\])*?"""|'''(\\[\s\S]|[^\\])*?'''`,
  String.raw`"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'`,
].join('|')

const skipped = new RegExp(textOrComment, 'y')

/** Goes over the text once, past strings and comments. Text that does not parse has an outline too. */
export function outlineOf(source: string): Outline {
  const cuts: number[] = []
  let depth = 0
  let deepest = 0
  for (let at = 0; at < source.length; at += 1) {
    skipped.lastIndex = at
    const skip = skipped.exec(source)
    const character = source[at] ?? ''
    if (skip) at += skip[0].length - 1
    else if ('([{'.includes(character)) deepest = Math.max(deepest, ++depth)
    else if (')]}'.includes(character)) depth -= 1
    else if (depth === 0 && source.startsWith('&&', at)) cuts.push(at++)
  }
  const ends = [...cuts, source.length]
  const pieces = ends.map((end, index) => piece(source, index === 0 ? 0 : (cuts[index - 1] ?? 0) + 2, end))
  return { deepest, pieces }
}

function piece(source: string, from: number, to: number): Outline['pieces'][number] {
  const text = source.slice(from, to)
  return { source: text.trim(), offset: from + (text.length - text.trimStart().length) }
}
