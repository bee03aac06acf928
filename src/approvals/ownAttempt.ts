import type { PersonId } from '../core/identity.ts'
import type { JsonObject } from '../core/json.ts'
import type { Refusal } from '../core/refusal.ts'
import type { Entry, EntryType } from '../ledger/entry.ts'
import type { Job } from './job.ts'
import type { Verb } from './personCommand.ts'

/** Attempts that would let an action through, or cover up that one was. Whoever is behind it and denies it harms nobody. */
const letsThrough: { readonly [V in Verb]: boolean } = {
  approve: true,
  break_glass: true,
  close_review: true,
  deny: false,
  withdraw: false,
  escalate: false,
  ask_changes: false,
  ask_question: false,
  answer_question: false,
  // It lets less through, but it lets it through.
  narrow: true,
}

/** What follows when somebody was refused because they are behind the action: it is looked at whether that was once too often. */
export function attemptJobs(
  request: string,
  attempt: { readonly verb: Verb; readonly refusal: Refusal },
): readonly Job[] {
  const { verb, refusal } = attempt
  return refusal.code === 'own_request' && letsThrough[verb] ? [{ task: 'attempts', request }] : []
}

/** Whether an entry records such an attempt. */
export function isOwnAttempt({ type, data }: Entry): boolean {
  return (
    type === 'decision.refused' &&
    data.code === 'own_request' &&
    Object.entries(letsThrough).some(([verb, counts]) => counts && data.kind === verb)
  )
}

/** The alarm that was raised because of such attempts, as its entry has it. */
interface RaisedAlarm {
  /** What was once too often: attempts on this request, or of one person within an hour. */
  readonly over: 'request' | 'hour'
  readonly tried: readonly { readonly person: PersonId; readonly times: number }[]
  /** Addresses of those who hear it. */
  readonly to: readonly string[]
}

/** What an entry says of the alarm that it records. */
export function raisedData({ over, tried, to }: RaisedAlarm): JsonObject {
  return { over, tried: tried.map(({ person, times }) => ({ person, times })), to: [...to] }
}

/** The alarm in the story of a request, or null when none was raised. */
export function raisedAlarm(entries: readonly Entry[]): RaisedAlarm | null {
  const entry = entries.find(({ type }) => type === 'attempts.alarmed')
  return entry ? (entry.data as unknown as RaisedAlarm) : null // as `raisedData` wrote it
}

/**
 * Whether an entry would tell whoever tried that somebody was alarmed: people behind the action read its story without
 * these.
 */
export function tellsOfAlarm({ type, data }: Entry): boolean {
  return type === 'attempts.alarmed' || (type === 'alarm.sent' && data.why === 'own_attempts')
}

/** Kinds of entries of which an agent is not to see that there are any: whoever tried may be at its keys. */
export const typesOfAlarms: readonly EntryType[] = ['attempts.alarmed', 'alarm.sent']
