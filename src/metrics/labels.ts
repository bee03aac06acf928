import type { Job } from '../approvals/job.ts'
import type { ShadowTotals } from '../approvals/shadow/records.ts'
import type { Deviation } from '../core/execution.ts'
import { conditions } from '../core/health.ts'
import { states } from '../core/lifecycle.ts'
import type { Verdict } from '../core/request.ts'
import { type Actor, entryTypes } from '../ledger/entry.ts'

/** The keys of a table of ours, which the compiler compares with the union that it stands for. */
const keysOf = <K extends string>(table: Readonly<Record<K, true>>) => Object.keys(table) as K[]

const tasks = keysOf<Job['task']>({
  announce: true,
  refresh: true,
  remind: true,
  alarm: true,
  correct: true,
  answer: true,
  question: true,
  deliver: true,
  preview: true,
  expire: true,
  keys: true,
  keyEnd: true,
  escalate: true,
  review: true,
  attempts: true,
  claims: true,
  cancel: true,
  activate: true,
  endShadow: true,
  part: true,
  unredeemed: true,
  unreported: true,
  hold: true,
  erase: true,
  resume: true,
  confirm: true,
  lapse: true,
  disowned: true,
  token: true,
  lookAtAccounts: true,
  accountAlarm: true,
  news: true,
  trouble: true,
  delegation: true,
  crowd: true,
  strayCrowd: true,
  propose: true,
  command: true,
  endLease: true,
  endLeases: true,
  sweepTargets: true,
  prune: true,
  retain: true,
})

/**
 * Everything that a label of ours may say, whatever agents and people send: a metric is read by many, kept for long, and
 * each new value is another series. What is not here is said as `other`. So there is never a label by request, person,
 * agent or argument (threats: metrics-leak).
 */
export const labelValues = {
  verdict: keysOf<Verdict['kind']>({ allow: true, deny: true, require_approval: true }),
  state: states,
  by: keysOf<Actor['kind']>({ agent: true, resource: true, person: true, policy: true, system: true }),
  type: entryTypes,
  condition: Object.keys(conditions),
  /** How an execution differed from what was approved. */
  kind: keysOf<Deviation['kind']>({
    field: true,
    not_redeemed: true,
    not_approved: true,
    contradiction: true,
  }),
  /** What a bundle that judges beside the active one made of a request. */
  shadow: keysOf<keyof ShadowTotals>({
    unchanged: true,
    tightened: true,
    loosened: true,
    failed: true,
    dropped: true,
  }),
  /** Which signing secret a delivery of Slack's was signed with. */
  secret: ['current', 'previous'],
  /** What became of what was delivered as Teams'. */
  delivered: ['taken', 'refused', 'failed'],
  task: [...tasks, 'other'],
  /** What came of asking a target what a request would touch. */
  preview: ['made', 'no_answer', 'refused'],
  /** How people settled a request. */
  decision: ['approved', 'denied'],
  committed: ['applied', 'conflict', 'duplicate', 'shown', 'repeated', 'outdated', 'full', 'failed'],
  done: ['done', 'failed'],
  answered: ['answered', 'failed'],
  policy: ['active', 'other'],
} as const

/** The value itself where it is one of ours, else `other`. */
export function knownOr(value: string, known: readonly string[]): string {
  return known.includes(value) ? value : 'other'
}
