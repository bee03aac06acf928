/** One thing that was looked at. `fix` says what to do when it is not well. */
export interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  readonly fix: string | null
  /** True for what a person has to judge: it is not wrong, and is said all the same. */
  readonly look?: true
}
