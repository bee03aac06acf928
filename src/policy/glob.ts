/** A pattern in which `*` stands for any characters, also none; everything else stands for itself. */
export interface Glob {
  readonly pattern: string
  /** How many characters are not stars: the more, the more specific. */
  readonly literals: number
  readonly exact: boolean
  fits(text: string): boolean
}

/**
 * Matches without backtracking: between the fixed start and end, each piece is taken at its first occurrence after the
 * one before, which is always right when the only wildcard is `*`. The text is passed over once.
 */
export function glob(pattern: string): Glob {
  const [start = '', ...rest] = pattern.split('*')
  const end = rest.pop()
  const literals = pattern.replaceAll('*', '').length
  if (end === undefined) return { pattern, literals, exact: true, fits: (text) => text === pattern }

  const fits = (text: string): boolean => {
    if (text.length < literals || !text.startsWith(start) || !text.endsWith(end)) return false
    const limit = text.length - end.length
    let from = start.length
    for (const piece of rest) {
      const found = text.indexOf(piece, from)
      if (found === -1 || found + piece.length > limit) return false
      from = found + piece.length
    }
    return true
  }
  return { pattern, literals, exact: false, fits }
}
