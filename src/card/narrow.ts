/** Columns of a line that a card shows on 320 pixels, and a window on 360, without breaking it. */
export const narrow = 30

/** Before what was broken off the line above it. Nothing else of ours begins with it, and nothing from outside begins a line. */
const goesOn = '┆ '

/** Deeper levels stand no further in: brackets tell how deep they are. */
const deepest = 12

/**
 * Lines of an action, none longer than a phone shows: where a client breaks a line itself, what follows stands where names of
 * parameters stand, and may look like one. Joined at `┆` they are what they were, so two actions that were shown in
 * different lines still are.
 */
export function narrowLines(lines: readonly string[]): string[] {
  return rejoined(lines).flatMap((line) => {
    const [, spaces = '', margin = '', rest = ''] = /^( *)(│ )?(.*)$/s.exec(line) ?? []
    const indent = spaces.slice(0, deepest)
    const room = narrow - indent.length
    const whole = broken(rest, room - margin.length)
    const parts = whole.length === 1 ? whole : broken(rest, room - goesOn.length)
    return parts.map((part, nth) => `${indent}${nth === 0 ? margin : goesOn}${part}`)
  })
}

/** The lines that were broken for wider screens, whole. */
function rejoined(lines: readonly string[]): string[] {
  const whole: string[] = []
  for (const line of lines) {
    const [, broken] = /^ *┆ (.*)$/s.exec(line) ?? []
    if (broken === undefined) whole.push(line)
    else whole.push(`${whole.pop() ?? ''}${broken}`)
  }
  return whole
}

/** In parts of at most `most` columns, after a space where there is one; joined again they are the line. */
function broken(line: string, most: number): string[] {
  const all = line.match(pieces) ?? []
  const parts: string[] = []
  let from = 0
  do {
    const fitting = fittingOf(all.slice(from, from + most), most)
    const isLast = from + fitting.length >= all.length
    const space = isLast ? -1 : fitting.lastIndexOf(' ')
    const part = space > 0 ? fitting.slice(0, space + 1) : fitting
    parts.push(part.join(''))
    from += part.length
  } while (from < all.length)
  return parts
}

/** What is never broken: a mark such as `[U+0020 ×12]`, and a character. */
const pieces = /\[U\+[0-9A-F]+(?: ×\d+)?\]|./gsu

/** As many as fit; at least one. */
function fittingOf(all: readonly string[], most: number): readonly string[] {
  let columns = 0
  const tooFar = all.findIndex((piece) => {
    columns += columnsOf(piece)
    return columns > most
  })
  return tooFar === -1 ? all : all.slice(0, Math.max(tooFar, 1))
}

/** Of fonts in which every letter of these is as wide as the next; whatever else there is may come from a wider one. */
const single = /[\u0020-\u02FF\u0370-\u052F\u2010-\u2027\u2500-\u257F×…]/
const widest = /[\uFDFA-\uFDFD\u{12000}-\u{1254F}]/u

function columnsOf(piece: string): number {
  if (single.test(piece)) return piece.length
  return widest.test(piece) ? 12 : 2
}
