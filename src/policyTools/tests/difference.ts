/** One field that is not as expected; both sides as text, ready to be printed. */
export interface Difference {
  readonly field: string
  readonly expected: string
  readonly actual: string
  /** Why it came so, or what most likely was meant. */
  readonly note?: string
}

/** On one line, for a terminal, an annotation or a log. */
export function sayDifference({ field, expected, actual, note }: Difference): string {
  return `${field}: expected ${expected}, got ${actual}${note === undefined ? '' : `, ${note}`}`
}
