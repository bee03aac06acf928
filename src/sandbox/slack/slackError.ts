/** An answer of `{ ok: false, error }`: `code` is one of Slack's own, `details` goes into the answer beside it. */
export class SlackError extends Error {
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: string, details: Readonly<Record<string, unknown>> = {}) {
    super(code)
    this.name = 'SlackError'
    this.code = code
    this.details = details
  }
}

/** The error with Slack's list of what is wrong, as its clients log it. */
export function withMessages(code: string, messages: readonly string[]): SlackError {
  return new SlackError(code, { response_metadata: { messages } })
}
