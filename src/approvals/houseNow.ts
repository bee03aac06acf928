import type { Condition } from '../core/health.ts'

/** How things stand with this server and its database, for those whom the policy trusts with all of it. */
export interface HouseNow {
  /** What is wrong now, as `/readyz` says it. */
  readonly conditions: readonly Condition[]
  /** Null when the database did not answer in time. */
  readonly stored: {
    readonly ledger: { readonly sealed: number; readonly waiting: number }
    /** How long ago the anchor took a checkpoint that has waited longest for one; null where none took any. */
    readonly anchoredSeconds: number | null
    readonly jobs: readonly {
      readonly due: number
      readonly lateSeconds: number
      readonly dead: number
    }[]
  } | null
}
