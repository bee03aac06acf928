/** The process could not do what it was started for. The message says what is wrong, `fix` what to do about it. */
export class StartFault extends Error {
  override readonly name = 'StartFault'
  readonly fix: string

  constructor(says: { readonly problem: string; readonly fix: string; readonly cause?: unknown }) {
    super(says.problem, { cause: says.cause })
    this.fix = says.fix
  }
}
