import { samePerson } from '../../core/identity.ts'
import { wantsChanges } from '../../core/note.ts'
import { outcomeOf } from '../../core/outcome.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import type { Put } from '../change.ts'
import type { Job } from '../job.ts'
import { requestEntry } from '../newEntry.ts'
import { judgedPeople } from '../people/currentPeople.ts'
import type { PeopleBehind } from '../people/peopleBehind.ts'
import type { Ports } from '../ports.ts'
import { jobsToDrop, refreshJob, settled } from '../settle.ts'
import type { SubmissionEnvelope } from '../submission.ts'

/**
 * What a submission is asked instead of, where it says so: one of the same agent's requests, while it is pending and people have asked for
 * changes. What was asked together with others is decided with them, and revised by nothing.
 *
 * @throws Refusal `unknown_request` (also for another agent's), `not_revisable`, each with its place
 */
export async function revisedOf(
  ports: Pick<Ports, 'store' | 'clock'>,
  { agent }: SubmissionEnvelope,
  revises: string | undefined,
): Promise<ActionRequest | null> {
  if (revises === undefined) return null
  const request = await ports.store.request(revises)
  if (!request || request.agent.id !== agent.id)
    throw new Refusal('unknown_request', 'a revision of no request of this agent', [
      { pointer: '/revises', detail: 'There is no such request, or it is not yours.' },
    ])
  const isOver = request.expiresAt !== null && ports.clock().toISOString() >= request.expiresAt
  if (request.state !== 'pending' || isOver)
    throw notRevisable('It does not wait any more, so nothing is asked instead of it.')
  if (request.set) throw notRevisable('It was asked together with others, and is decided with them.')
  if (!wantsChanges(request.notes)) throw notRevisable('Nobody has asked for changes of it.')
  return request
}

/**
 * What was asked for one person is not asked instead for another.
 *
 * @throws Refusal `not_revisable`
 */
export async function refuseOtherInitiator(
  ports: Pick<Ports, 'store'>,
  revised: ActionRequest | null,
  { initiator }: PeopleBehind,
): Promise<void> {
  if (!revised) return
  // Two who were parted since are both behind it, so either may be named.
  const { current, today } = await judgedPeople(ports, revised, [initiator.person])
  if (!samePerson(current.initiator.person, today(initiator.person)))
    throw notRevisable('It was asked on behalf of somebody else. The initiator has to be the same.')
}

function notRevisable(detail: string): Refusal {
  return new Refusal('not_revisable', 'a revision of what cannot be revised', [
    { pointer: '/revises', detail },
  ])
}

/** What the commit of a revision writes about what it revises: it ends, unless something else has become of it. */
interface Revision {
  readonly members: readonly Put<ActionRequest>[]
  readonly entries: readonly NewEntry[]
  readonly jobs: readonly Job[]
  readonly dropJobs: readonly string[]
}

export function endedBy(
  ports: Ports,
  revised: ActionRequest | null,
  by: { readonly next: ActionRequest; readonly via: SubmissionEnvelope['via'] },
): Revision {
  if (!revised) return { members: [], entries: [], jobs: [], dropJobs: [] }
  const { next: revision, via } = by
  const outcome = `Revised: ${revision.id} was asked instead.`
  const next = { ...settled(ports, revised, { move: 'cancel', outcome }), revisedBy: revision.id }
  const entry = requestEntry(ports, next, {
    type: 'request.cancelled',
    actor: { kind: 'agent', id: revision.agent.id, via },
    data: { outcome: outcomeOf(next), revised_by: revision.id },
  })
  return {
    members: [{ expected: revised.version, next }],
    entries: [entry],
    jobs: refreshJob(next),
    dropJobs: jobsToDrop(next),
  }
}
