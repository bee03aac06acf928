/** What a target said, before people were asked, an action would touch; or that it said nothing. Fixed before the first card goes out. */
export type Preview = Estimate | NoEstimate

interface Estimate {
  readonly kind: 'made'
  /** As the operator named it. */
  readonly target: string
  /** `public.users`: with their schemas, as the target's catalogue has them. */
  readonly tables: readonly string[]
  /** The target's own estimate, a whole number. */
  readonly rows: number
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

interface NoEstimate {
  readonly kind: 'none'
  readonly target: string
  /** `no_answer`: not in time, for whatever reason. `refused`: the target, or we, will not say it of this action. */
  readonly why: 'no_answer' | 'refused'
  readonly at: string
}
