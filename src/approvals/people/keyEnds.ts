import { Refusal } from '../../core/refusal.ts'
import type { Job } from '../job.ts'
import type { AgentKey } from '../records.ts'

/** Seconds for which a key that expires is made: an hour at least, and a year. */
const shortest = 3_600
const longest = 366 * 86_400

/** Milliseconds before its end from which on a key counts as about to expire; whoever owns the agent is told then. */
export const warnedBefore = 7 * 86_400_000

/**
 * When a key of that lifetime (seconds; null for none) ends that is made now.
 *
 * @throws Refusal `invalid_request` for one that is too short or too long
 */
export function expiryOf(lifetime: number | null, now: Date): string | null {
  if (lifetime === null) return null
  if (!isLifetime(lifetime))
    throw new Refusal('invalid_request', 'a lifetime that a key cannot have', [
      { pointer: '/expires', detail: lifetimeRule },
    ])
  return new Date(now.getTime() + lifetime * 1_000).toISOString()
}

/** Whether a key can be made for so many seconds. */
export function isLifetime(seconds: number): boolean {
  return seconds >= shortest && seconds <= longest
}

export const lifetimeRule = 'Name a time from 1h to 366d, such as 90d.'

/**
 * What is to be told of the end of a key: before it, unless it is made for no longer than that, and when it is over. Revoked before,
 * it has no end to tell of.
 */
export function keyEndJobs({ id: key, createdAt, expiresAt }: AgentKey): readonly KeyEndJob[] {
  if (expiresAt === null) return []
  const soon = Date.parse(expiresAt) - warnedBefore
  const over: KeyEndJob = { task: 'keyEnd', key, stage: 'over', at: expiresAt }
  if (soon <= Date.parse(createdAt)) return [over]
  return [{ task: 'keyEnd', key, stage: 'soon', at: new Date(soon).toISOString() }, over]
}

export type KeyEndJob = Extract<Job, { task: 'keyEnd' }>
