/** One field that is not as expected; both sides as text, ready to be printed. */
export interface Difference {
  readonly field: string
  readonly expected: string
  readonly actual: string
}
