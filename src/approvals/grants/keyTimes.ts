import type { SigningKey } from './records.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The longest that a grant lives, and how long after that a verifier may still accept it: clouds are generous with clocks. */
const longestGrantMs = 5 * minute
const leewayMs = 10 * minute

/** Milliseconds for which a key is published before it signs: no verifier meets a key that it has not had the time to fetch. */
const publishedAheadMs = 24 * hour

/** The one that signs, and the one that will; null where there is none. */
export interface StandingKeys {
  readonly active: SigningKey | null
  readonly next: SigningKey | null
}

export function standingOf(keys: readonly SigningKey[]): StandingKeys {
  const of = (status: SigningKey['status']) => keys.find((key) => key.status === status) ?? null
  return { active: of('active'), next: of('next') }
}

/** When everything that a retired key has signed has ended, in milliseconds since 1970; null for the others. */
export function endOf({ status, since }: Pick<SigningKey, 'status' | 'since'>): number | null {
  return status === 'retired' ? Date.parse(since) + longestGrantMs + leewayMs : null
}

/**
 * Whether verifiers get a key, and what it signed is believed. A retired key without its private part was withdrawn, or has
 * nothing alive any more.
 */
export function isPublished(key: Pick<SigningKey, 'status' | 'since' | 'sealed'>, now: Date): boolean {
  const end = endOf(key)
  return key.sealed !== null && (end === null || now.getTime() < end)
}

/** When the next key has been published for long enough to sign, in milliseconds since 1970. */
export function ripeAt({ createdAt }: Pick<SigningKey, 'createdAt'>): number {
  return Date.parse(createdAt) + publishedAheadMs
}

/** When the keys are rotated by themselves, in milliseconds since 1970: the active one is old, and the next one is known. */
export function rotationAt(
  keys: { readonly active: SigningKey; readonly next: SigningKey },
  keyDays: number,
): number {
  return Math.max(Date.parse(keys.active.since) + keyDays * day, ripeAt(keys.next))
}

/** Whether nothing that a retired key signed can be alive, and its private part still is. */
export function isOver(key: SigningKey, now: Date): boolean {
  return endOf(key) !== null && key.sealed !== null && !isPublished(key, now)
}

/** When somebody has to look after the keys again: to rotate them, or to erase what is over. RFC 3339. */
export function tendedAt(
  keys: readonly SigningKey[],
  by: { readonly keyDays: number; readonly now: Date },
): string {
  const { active, next } = standingOf(keys)
  const due = keys.flatMap((key) => (key.sealed === null ? [] : (endOf(key) ?? [])))
  if (active && next) due.push(rotationAt({ active, next }, by.keyDays))
  else due.push(by.now.getTime())
  return new Date(Math.min(...due)).toISOString()
}
