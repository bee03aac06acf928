import type { Recorded } from '../../evidence/recorded.ts'

/** What a stream ends in: a receiver, a file, standard output. */
export interface StreamSink {
  readonly name: string
  /** Where a stream begins that is new. */
  readonly begins: 'first' | 'now'
  /** Entries that are handed over together, at most. */
  readonly atOnce: number
  /** Where what it holds ends, when it holds anything of which that can be seen: the last entry that it has whole. */
  readonly end?: () => Promise<SinkEnd | null>
  /**
   * Resolves when all of them are taken for good: whatever dies after that, they are there. In the order in which they come.
   *
   * @param between called when a part of them is taken and another follows; what it throws ends it
   * @throws SinkFault when they are not, or it is not known
   */
  take(batch: readonly Recorded[], signal: AbortSignal, between?: () => Promise<void>): Promise<void>
  /** Whether it would take something, for whoever looks: what is wrong, as a sentence, or null. Nothing is sent. */
  check(): Promise<string | null>
}

export interface SinkEnd {
  readonly index: number
  readonly entry: string
}

/** Nothing was taken, or it is not known whether. The message says why in a few words, without a secret. */
export class SinkFault extends Error {
  override readonly name = 'SinkFault'
  readonly retryAfterSeconds: number | null
  /** It would take fewer at once. */
  readonly isTooMuch: boolean
  /** It does not end by itself: an operator has to do something. */
  readonly stands: boolean

  constructor(
    message: string,
    more: {
      readonly retryAfterSeconds?: number | null
      readonly isTooMuch?: boolean
      readonly stands?: boolean
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: more.cause })
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
    this.isTooMuch = more.isTooMuch ?? false
    this.stands = more.stands ?? false
  }
}
