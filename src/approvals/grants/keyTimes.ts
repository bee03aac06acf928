import type { SigningKey } from './records.ts'

const minute = 60_000
const hour = 60 * minute

/** The longest that a grant lives, and how long after that a verifier may still accept it: clouds are generous with clocks. */
const longestGrantMs = 5 * minute
const leewayMs = 10 * minute

/** Milliseconds for which a key is published before it signs: no verifier meets a key it has not had the time to fetch. */
export const publishedAheadMs = 24 * hour

/** When everything that a retired key has signed has ended, in milliseconds since 1970; null for the others. */
export function endOf({ status, since }: Pick<SigningKey, 'status' | 'since'>): number | null {
  return status === 'retired' ? Date.parse(since) + longestGrantMs + leewayMs : null
}

/**
 * Whether verifiers get a key, and what it signed is believed. A retired key without its private part was leaked, or has nothing
 * alive any more.
 */
export function isPublished(key: Pick<SigningKey, 'status' | 'since' | 'sealed'>, now: Date): boolean {
  const end = endOf(key)
  return key.sealed !== null && (end === null || now.getTime() < end)
}
