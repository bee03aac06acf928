import type { Evidence } from '../evidence.ts'

/** One thing that is not as it has to be. */
export interface Finding {
  /** Ids, enough to find it in the database, the workspace and the logs. */
  readonly about: string
  readonly says: string
}

/** Looks at everything and says what breaks it. Pure: the same evidence, the same findings. */
export type Law = (evidence: Evidence) => readonly Finding[]

export function by<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return groups
}

/** Whether a moment lies in trouble of a kind, or so many milliseconds after it. */
export function inTrouble({ trouble }: Evidence, what: string, at: number, graceMs: number): boolean {
  return trouble.some((one) => one.what === what && at >= one.from - 500 && at <= one.to + graceMs)
}

export const ended = new Set(['approved', 'denied', 'expired', 'cancelled'])

const pastApproval = new Set(['executing', 'succeeded', 'failed', 'unreported', 'lapsed', 'revoked'])

/** How the asking ended, whatever has become of an approval since. */
export function endOf(state: string): string {
  return pastApproval.has(state) ? 'approved' : state
}
