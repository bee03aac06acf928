import type { Recorded } from '../recorded.ts'
import type { AskedBefore } from './asked.ts'

/** One entry, as it comes to each part of a report. */
export interface Seen {
  readonly one: Recorded
  /** Whether it is of the period. What came before is only remembered. */
  readonly within: boolean
  /** What its request asked for; null when it is of none, or that is not known any more. */
  readonly asked: AskedBefore | null
}

/** A part of the report, folded from one entry after the other. */
export interface Part<T> {
  see(seen: Seen): void
  /** What came of it. `until`: the end of the period, RFC 3339. */
  end(until: string): T
}
