import type { StopScope } from '../../core/stop.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Versioned } from '../records.ts'

/** Nothing that it covers is asked, released, granted or redeemed until it is resumed. Never deleted. */
export interface Stop extends Versioned {
  readonly scope: StopScope
  /** In the words of whoever stopped it. */
  readonly reason: string
  readonly by: Actor
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
  readonly resumed: { readonly by: Actor; readonly at: string; readonly reason: string } | null
}

/** The stops that hold now, and how many there have ever been: what a commit is conditional on (`Change.stopsRead`). */
export interface StandingStops {
  readonly stops: readonly Stop[]
  readonly read: number
}
