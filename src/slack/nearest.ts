/** The candidate that differs from a word by the fewest edits, if it is near enough to have been meant. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const scored = candidates.map((candidate) => ({ candidate, edits: edits(word, candidate) }))
  scored.sort((a, b) => a.edits - b.edits)
  const [best] = scored
  return best && best.edits <= Math.max(1, Math.floor(best.candidate.length / 2)) ? best.candidate : null
}

/** Levenshtein distance. Words that people type are short; anything longer is cut. */
function edits(from: string, to: string): number {
  const a = [...from].slice(0, 40)
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of a.entries()) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j += 1) {
      const swap = (row[j] ?? 0) + (letter === to[j] ? 0 : 1)
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
