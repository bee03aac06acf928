import { type Condition, conditions, isUnfit } from '../core/health.ts'
import type { Instruments } from './instruments.ts'
import { knownOr, labelValues } from './labels.ts'

/** How things stand at the moment of a scrape. */
export interface Glance {
  readonly conditions: readonly Condition[]
  /** What this replica judges by. `confirmedSeconds`: since it last saw which policy is active. */
  readonly judging: { readonly files: string | null; readonly confirmedSeconds: number }
  /** What the database says; null when it did not answer in time: then nothing is said of it either. */
  readonly stored: Stored | null
}

/** The same on every replica: of several answers the largest is one of them, not their sum. */
export interface Stored {
  readonly waiting: number
  readonly overdue: number
  readonly oldestSeconds: number
  readonly stops: number
  /** Keys of agents that end within seven days. */
  readonly keysExpiring: number
  readonly ledger: { readonly sealed: number; readonly waiting: number }
  /** Entries that the stream which is furthest behind has still to send. */
  readonly streamLag: number
  /** How long ago the anchor took a checkpoint that has waited longest for one; null where none took any. */
  readonly anchoredSeconds: number | null
  /** The active policy; null when none was ever activated. */
  readonly policy: { readonly files: string; readonly ageSeconds: number } | null
  readonly replicas: readonly { readonly policy: string | null; readonly silentSeconds: number }[]
  readonly jobs: readonly TaskBacklog[]
}

/** Of the jobs of one task. `lateSeconds` is how long the longest due one has been due. */
interface TaskBacklog {
  readonly task: string
  readonly due: number
  readonly lateSeconds: number
  readonly dead: number
}

/** Beats come every two seconds, looks at the policy every three: who was not heard of for so long has missed several. */
const silentAfterSeconds = 10

export function showGlance(show: Instruments, { conditions: now, judging, stored }: Glance): void {
  for (const code of Object.keys(conditions))
    show.condition.set({ code }, now.some((one) => one.code === code) ? 1 : 0)
  show.ready.set(now.some(isUnfit) ? 0 : 1)
  show.policyConfirmedAge.set(judging.confirmedSeconds)
  show.policyConfirmed.set(isConfirmed(judging, stored) ? 1 : 0)
  if (stored) showStored(show, stored)
  else forgetStored(show)
}

function isConfirmed({ files, confirmedSeconds }: Glance['judging'], stored: Stored | null): boolean {
  if (files === null || confirmedSeconds > silentAfterSeconds) return false
  return stored === null || stored.policy?.files === files
}

function showStored(show: Instruments, stored: Stored): void {
  const { policy } = stored
  show.waiting.set(stored.waiting)
  show.overdue.set(stored.overdue)
  show.oldest.set(stored.oldestSeconds)
  show.stops.set(stored.stops)
  show.keysExpiring.set(stored.keysExpiring)
  show.ledgerSealed.set(stored.ledger.sealed)
  show.ledgerWaiting.set(stored.ledger.waiting)
  show.streamLag.set(stored.streamLag)
  if (stored.anchoredSeconds === null) show.anchoredAge.remove()
  else show.anchoredAge.set(stored.anchoredSeconds)
  if (policy) show.policyAge.set(policy.ageSeconds)
  else show.policyAge.remove()
  const heard = stored.replicas.filter(({ silentSeconds }) => silentSeconds < silentAfterSeconds)
  const active = heard.filter((one) => one.policy !== null && one.policy === policy?.files).length
  show.replicas.set({ policy: 'active' }, active)
  show.replicas.set({ policy: 'other' }, heard.length - active)
  for (const { task, due, lateSeconds, dead } of byKnownTask(stored.jobs)) {
    show.jobsDue.set({ task }, due)
    show.jobsLate.set({ task }, lateSeconds)
    show.jobsDead.set({ task }, dead)
  }
}

/** One for each task that may be named, also where there is nothing to do; tasks of other versions together. */
function byKnownTask(jobs: readonly TaskBacklog[]): readonly TaskBacklog[] {
  return labelValues.task.map((task) => {
    const of = jobs.filter((one) => knownOr(one.task, labelValues.task) === task)
    return {
      task,
      due: of.reduce((sum, { due }) => sum + due, 0),
      lateSeconds: Math.max(0, ...of.map(({ lateSeconds }) => lateSeconds)),
      dead: of.reduce((sum, { dead }) => sum + dead, 0),
    }
  })
}

/** A gap is better than a number that was true once. */
function forgetStored(show: Instruments): void {
  for (const one of [show.waiting, show.overdue, show.oldest, show.stops, show.keysExpiring, show.policyAge])
    one.remove()
  for (const one of [show.ledgerSealed, show.ledgerWaiting, show.streamLag, show.anchoredAge]) one.remove()
  for (const one of [show.replicas, show.jobsDue, show.jobsLate, show.jobsDead]) one.reset()
}
