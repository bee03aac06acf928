/** The process could not do what it was started for. The message says what is wrong, `mend` what to do about it. */
export class StartFault extends Error {
  override readonly name = 'StartFault'
  readonly mend: string

  constructor(says: { readonly problem: string; readonly mend: string; readonly cause?: unknown }) {
    super(says.problem, { cause: says.cause })
    this.mend = says.mend
  }
}
