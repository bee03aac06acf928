import { jsonLimits } from '../../core/strictJson.ts'
import { conditionLimits } from './limits.ts'
import { everyNode, type Node } from './node.ts'
import { samplesOf } from './regexSample.ts'

/** What all texts of a request are made of: `start`, and `piece` again and again up to `size` characters. */
export interface Filler {
  readonly start: string
  readonly piece: string
  readonly size: number
  readonly differ: 'never' | 'in lists' | 'always'
}

/**
 * What can matter to a condition: long texts; texts that a pattern goes through, as long as they may be; as many pieces
 * as may be split; and texts that differ only at their end, where a loop compares its items with something else.
 */
export function fillersFor(tree: Node): readonly Filler[] {
  const nodes = everyNode(tree)
  const literalsOf = (name: string): readonly string[] =>
    nodes.flatMap((node) => (node.kind === 'call' && node.name === name ? literalsIn(node.args) : []))
  const filler = (piece: string, size: number, more: Partial<Filler> = {}): Filler => ({
    start: '',
    piece,
    size,
    differ: 'never',
    ...more,
  })
  const { searched, pieces } = conditionLimits
  const lowers = nodes.some((node) => node.kind === 'call' && node.name === 'lowerAscii')
  const found = [
    filler('a', jsonLimits.text),
    ...(lowers ? [filler('A', jsonLimits.text)] : []),
    ...literalsOf('matches')
      .flatMap(throughPattern)
      .map(({ start, piece }) => filler(piece, searched, { start })),
    ...literalsOf('split').map((separator) =>
      filler(separator || 'a', (pieces - 1) * (separator.length || 1)),
    ),
    ...(nodes.some(looksAround)
      ? (['in lists', 'always'] as const).map((differ) => filler('a', jsonLimits.text, { differ }))
      : []),
  ]
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()]
}

/** Texts that keep a pattern busy: what it fits, repeated; and what it fits with its last character repeated. */
function throughPattern(pattern: string): readonly Pick<Filler, 'start' | 'piece'>[] {
  const sample = samplesOf(pattern).find((one) => one !== '') ?? 'a'
  return [
    { start: '', piece: sample },
    { start: sample.slice(0, -1), piece: sample.slice(-1) },
  ]
}

function literalsIn(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) => (node.kind === 'literal' ? [String(node.value)] : []))
}

/** Whether a loop looks at more than its own item. */
function looksAround(node: Node): boolean {
  if (node.kind !== 'macro') return false
  const parts = [node.test, node.step].flatMap((part) => (part ? everyNode(part) : []))
  return parts.some((part) => part.kind === 'ident' && part.name !== node.variable)
}

/** A text of at most so many characters; `nth` of a list. */
export type Text = (most: number, nth: number | null) => string

/** Writes the texts of one request. */
export function textsOf({ start, piece, size, differ }: Filler): Text {
  let written = 0
  return (most, nth) => {
    written += 1
    const number = { never: null, 'in lists': nth, always: written }[differ]
    const end = number === null || most < 6 ? '' : String(number).padStart(6, '0')
    const length = Math.max(0, Math.floor(Math.min(most, size)) - end.length)
    return (
      start.slice(0, length) +
      piece.repeat(Math.ceil(length / piece.length)).slice(start.length, length) +
      end
    )
  }
}
