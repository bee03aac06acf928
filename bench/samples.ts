/** What a number of samples is like; NaN without any. */
export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

export function percentiles(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((left, right) => left - right)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: at(1) }
}
