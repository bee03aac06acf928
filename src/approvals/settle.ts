import { administrative, peopleUnlink, policyActivation, recordErase, stopResume } from '../core/action.ts'
import { usableUntil } from '../core/grant.ts'
import { type Move, move } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'
import { carrierOf } from '../core/set.ts'
import type { NewEntry } from '../ledger/entry.ts'
import type { Change } from './change.ts'
import { againKeys, type Job, jobKey } from './job.ts'
import type { Ports } from './ports.ts'

/** The request after a move that ends the asking, or an approval. `outcome` is one sentence for the agent. */
export function settled(
  ports: Pick<Ports, 'clock'>,
  request: ActionRequest,
  by: { readonly move: Move; readonly outcome: string },
): ActionRequest {
  return {
    ...request,
    version: request.version + 1,
    state: move(request.state, by.move),
    outcome: by.outcome,
    // When the asking ended, whatever has become of the approval since.
    settledAt: request.settledAt ?? ports.clock().toISOString(),
  }
}

/** What is committed when the asking ends and no person decided it: `next`, its entry, and what its cards and jobs need. */
export function ending(before: ActionRequest, next: ActionRequest, entry: NewEntry): Change {
  return {
    request: { expected: before.version, next },
    entries: [entry],
    jobs: refreshJob(next),
    dropJobs: jobsToDrop(next),
  }
}

/** Keys of the jobs that a settled request no longer wants. */
export function jobsToDrop(request: ActionRequest): readonly string[] {
  const id = request.id
  const reminders = request.requirement?.notify.remindAfterSeconds ?? []
  const escalations = request.requirement?.escalate ?? []
  return [
    jobKey({ task: 'expire', request: id, at: '' }),
    ...reminders.flatMap((_, nth) => {
      const reminder = { task: 'remind', request: id, nth, at: '' } as const
      return [jobKey(reminder), ...againKeys(reminder)]
    }),
    ...escalations.map((_, nth) => jobKey({ task: 'escalate', request: id, nth, at: '' })),
  ]
}

/**
 * The job that makes every card of a request show its newest state. What becomes of a rollback is told under what it undoes, too, whose
 * record does not change with it; and a member of a set on the card that lists it.
 */
export function refreshJob(request: ActionRequest): readonly Job[] {
  const { id, requirement, rollsBack } = request
  const carrier = rollsBack === undefined ? carrierOf(request) : id
  const own: readonly Job[] = !requirement
    ? []
    : [carrier === id ? { task: 'refresh', request: id } : { task: 'refresh', request: carrier, anew: true }]
  return rollsBack === undefined ? own : [...own, { task: 'refresh', request: rollsBack, anew: true }]
}

/** What follows a change of a request by people: its cards show it, and what only we can do is done when they approved it. */
export function followingJobs(request: ActionRequest): readonly Job[] {
  return [...refreshJob(request), ...(request.state === 'approved' ? releasedJobs(request) : [])]
}

/** What only we can do is done; what somebody else is to do has its time. */
function releasedJobs(request: ActionRequest): readonly Job[] {
  const { id, action } = request
  const task = onlyOurs[action.action]
  if (task) return [{ task, request: id }]
  return administrative.includes(action.action)
    ? []
    : [{ task: 'unredeemed', request: id, at: usableUntil(request) }]
}

/** By action: the job that does what people have approved, where only we can. */
const onlyOurs: Readonly<Record<string, 'activate' | 'part' | 'resume' | 'erase'>> = {
  [policyActivation]: 'activate',
  [peopleUnlink]: 'part',
  [stopResume]: 'resume',
  [recordErase]: 'erase',
}
