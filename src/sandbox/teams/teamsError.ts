/** A call that Teams, or what belongs to it, refuses: a status, and a code in the words of that service. */
export class TeamsError extends Error {
  override readonly name = 'TeamsError'
  readonly status: number
  readonly code: string
  readonly retryAfter: number | null

  constructor(
    status: number,
    code: string,
    more: { readonly message?: string; readonly retryAfter?: number } = {},
  ) {
    super(more.message ?? code)
    this.status = status
    this.code = code
    this.retryAfter = more.retryAfter ?? null
  }
}
