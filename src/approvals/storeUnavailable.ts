/** Why the store cannot be used now. */
export type StoreTrouble =
  /** It does not answer, or the connection to it was lost. */
  | 'away'
  /** It answers, and takes no writes. */
  | 'read_only'
  /** It has no disk space or memory left. */
  | 'full'
  /** It has no connection, lock or time left for us just now. */
  | 'busy'
  /** It knows us no more: password, rights, or the database itself. */
  | 'refused'
  /** A newer version works on it, and this process does not write any more. */
  | 'replaced'
  /** Its ledger is older than what left the house, and nothing is written before people have decided how it goes on. */
  | 'behind'
  /** This process ends, and has let go of it. */
  | 'ending'

/**
 * The store could not do it, because of the database: neither a refusal, which is an answer, nor a bug. The message is for
 * the operator's log and holds no value of a request. A caller may try again after `retryAfterSeconds`.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  readonly reason: StoreTrouble
  /** True when a commit may have taken effect although it threw. */
  readonly unknown: boolean
  readonly retryAfterSeconds: number

  constructor(fault: {
    readonly reason: StoreTrouble
    readonly message: string
    readonly unknown: boolean
    readonly retryAfterSeconds: number
    readonly cause: unknown
  }) {
    super(fault.message, { cause: fault.cause })
    this.reason = fault.reason
    this.unknown = fault.unknown
    this.retryAfterSeconds = fault.retryAfterSeconds
  }
}
