/** One line of the bench: what was measured, what this machine can do at best, and what is to be reached. */
export interface Line {
  readonly what: string
  readonly unit: Unit
  /** A text says why nothing was measured. */
  readonly measured: number | string
  readonly ceiling?: Ceiling
  readonly target?: Target
}

export type Unit = 'a second' | 'ms' | 's' | 'µs' | 'MB' | 'times' | '%'

/** Measured in the same run. */
interface Ceiling {
  readonly is: string
  readonly value: number | string
}

/** A bound for the measured value, or for its ratio to the ceiling. */
export interface Target {
  readonly bound: 'at least' | 'at most' | 'under'
  readonly value: number
  readonly of: 'measured' | 'ceiling'
}

export type Judgement = 'reached' | 'not reached' | 'not known' | ''

/** Measured by ceiling, or null when one of them was not measured. */
export function ratioOf({ measured, ceiling }: Line): number | null {
  if (typeof measured !== 'number' || typeof ceiling?.value !== 'number') return null
  const ratio = measured / ceiling.value
  return Number.isFinite(ratio) ? ratio : null
}

/** What is not known is not reached: it is said, instead of guessed. Empty without a target. */
export function judge(line: Line): Judgement {
  const { target, measured } = line
  if (!target) return ''
  const value = target.of === 'ceiling' ? ratioOf(line) : measured
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'not known'
  return holds(target, value) ? 'reached' : 'not reached'
}

function holds({ bound, value: limit }: Target, value: number): boolean {
  switch (bound) {
    case 'at least':
      return value >= limit
    case 'at most':
      return value <= limit
    case 'under':
      return value < limit
  }
}
