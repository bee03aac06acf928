import type { Attempt, BreakGlassAttempt, EscalationAttempt, ReviewAttempt } from './attempt.ts'

/** Work to be done later, durably. A job with the same key replaces the one that waits. */
export type Job =
  | { readonly task: 'announce'; readonly request: string }
  | { readonly task: 'refresh'; readonly request: string }
  | { readonly task: 'remind'; readonly request: string; readonly nth: number; readonly at: string }
  | { readonly task: 'expire'; readonly request: string; readonly at: string }
  | { readonly task: 'escalate'; readonly request: string; readonly nth: number; readonly at: string }
  | { readonly task: 'alarm'; readonly request: string; readonly why: AlarmCause }
  | { readonly task: 'review'; readonly request: string; readonly at: string }
  /** A policy that people have approved becomes the active one. */
  | { readonly task: 'activate'; readonly request: string }
  | Deed

/** What a person does with a request, as the job that does it later if it cannot be done at once. */
export type Deed =
  /** A click that could not be judged before its channel wanted an acknowledgement. */
  | { readonly task: 'decide'; readonly request: string; readonly attempt: Attempt }
  /** The same for what people do besides deciding. */
  | { readonly task: 'act'; readonly request: string; readonly act: Act }

/** What a person attempts besides approving and denying, for later. */
export type Act =
  | { readonly verb: 'escalate'; readonly attempt: EscalationAttempt }
  | { readonly verb: 'break_glass'; readonly attempt: BreakGlassAttempt }
  | { readonly verb: 'close_review'; readonly attempt: ReviewAttempt }

/** Why Security is told: a glass was broken, or nobody reviewed it in time. */
export type AlarmCause = 'broken' | 'overdue'

/** The job key under which a job waits, so that settling a request can drop it. */
export function jobKey(job: Job): string {
  if (job.task === 'remind' || job.task === 'escalate') return `${job.task}:${job.request}:${job.nth}`
  if (job.task === 'decide') return `decide:${job.attempt.delivery}`
  if (job.task === 'act') return `act:${job.act.attempt.delivery}`
  if (job.task === 'alarm') return `alarm:${job.request}:${job.why}`
  return `${job.task}:${job.request}`
}

/** As many as are ever kept: a queue leaves a row behind, so there must not be one for each request. */
const cardQueues = 64

/**
 * The queue a job stands in, or null: jobs of one queue run one after the other, so that a request's cards change in
 * order. What decides, expires, escalates or sounds an alarm never waits behind a card.
 */
export function queueOf(job: Job): string | null {
  if (job.task !== 'announce' && job.task !== 'refresh' && job.task !== 'remind') return null
  const sum = [...job.request].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % cardQueues, 0)
  return `cards-${sum}`
}
