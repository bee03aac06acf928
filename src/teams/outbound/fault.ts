/** Teams, or what it belongs to, refused one call or failed. `message` is for the log and holds no text of a message. */
export class ConnectorFault extends Error {
  override readonly name = 'ConnectorFault'
  /** The service's own word, such as `BotNotInConversationRoster`; or `rate_limited`, `http_500`, `timeout`, `unreachable`, `unexpected`. */
  readonly code: string
  /** Of the answer; null where there was none. */
  readonly status: number | null
  /** True when the call may have taken effect although no answer says so. */
  readonly unknown: boolean
  readonly retryAfterSeconds: number | null
  /** True where nobody was asked: it is what the last question met, a moment ago. */
  readonly isRemembered: boolean

  constructor(fault: {
    readonly code: string
    readonly status: number | null
    readonly unknown: boolean
    readonly retryAfterSeconds?: number | null
    readonly isRemembered?: boolean
    readonly cause?: unknown
  }) {
    super(fault.code, { cause: fault.cause })
    this.code = fault.code
    this.status = fault.status
    this.unknown = fault.unknown
    this.retryAfterSeconds = fault.retryAfterSeconds ?? null
    this.isRemembered = fault.isRemembered ?? false
  }
}
