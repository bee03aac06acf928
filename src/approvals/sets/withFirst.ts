import type { Digest } from '../../core/digest.ts'
import { outcomeOf } from '../../core/outcome.ts'
import type { ActionRequest } from '../../core/request.ts'
import { hasRun } from '../../core/rollback.ts'
import { isDecidedElsewhere } from '../../core/set.ts'
import type { Actor, EntryType, NewEntry } from '../../ledger/entry.ts'
import type { BudgetRead, Change, Put } from '../change.ts'
import type { Job } from '../job.ts'
import { requestEntry } from '../newEntry.ts'
import { alsoCounting, releasedCounts } from '../policy/budgets.ts'
import { judgedNow, overruled } from '../policy/judgedNow.ts'
import { alsoReading } from '../policy/runRead.ts'
import type { Ports } from '../ports.ts'
import { usableFrom } from '../rollbacks/due.ts'
import { jobsToDrop, refreshJob, settled } from '../settle.ts'

type SetPorts = Pick<Ports, 'ids' | 'clock' | 'workspace' | 'policy' | 'store'>

/** What becomes of a declared rollback when the first moves. */
export interface Moved {
  /** Null where it stays as it is. */
  readonly put: Put<ActionRequest> | null
  readonly entries: readonly NewEntry[]
  readonly jobs: readonly Job[]
  readonly dropJobs: readonly string[]
  /** Present where policy was asked about it. */
  readonly judgedBy?: Digest
  readonly budgetReads?: readonly BudgetRead[]
}

interface Moving {
  /** As it is about to be. */
  readonly first: ActionRequest
  readonly rollback: ActionRequest
  readonly change: Change
}

/**
 * While people decide about both, whatever stands on the first stands on its rollback, too, and what they release releases both, unless the
 * policy of now denies the rollback. Once the first has run, the time for the grant of its rollback begins. Where the first ends without being
 * done, or one person alone lets it through, its rollback ends. Null where nothing becomes of it.
 *
 * @throws Refusal `not_ready` when the active policy cannot say whether it denies the rollback by now
 */
export async function withFirst(ports: SetPorts, moving: Moving): Promise<Moved | null> {
  const { first, rollback } = moving
  const isJoint = isDecidedElsewhere(rollback)
  if (first.state === 'pending') return isJoint ? voted(moving) : null
  if (first.state === 'approved') return isJoint ? released(ports, moving) : null
  if (first.state === 'executing') return null
  return hasRun(first) ? begun(moving) : ended(ports, moving)
}

function voted({ first: { decisions, escalations }, rollback }: Moving): Moved | null {
  const isNew =
    JSON.stringify([decisions, escalations]) !== JSON.stringify([rollback.decisions, rollback.escalations])
  return isNew
    ? moved(rollback, { ...rollback, version: rollback.version + 1, decisions, escalations })
    : null
}

/** A glass is broken for one action, which its policy has an emergency path for. */
async function released(ports: SetPorts, moving: Moving): Promise<Moved> {
  const { first, rollback } = moving
  const { decisions, escalations, brokenGlass } = first
  if (brokenGlass) return ended(ports, moving)
  const decided = { ...rollback, decisions, escalations }
  const store = alsoReading(
    alsoCounting(ports.store, () => releasedCounts(first)),
    () => [first],
  )
  const { denial, judgedBy, budgetReads } = await judgedNow({ ...ports, store }, decided, 'approval')
  if (denial) {
    const { next, entry } = overruled(ports, decided, denial)
    return { ...moved(rollback, next, entry), judgedBy }
  }
  const next = settled(ports, decided, { move: 'approve', outcome: first.outcome ?? 'Approved.' })
  const put = moved(rollback, next, entryOf(ports, moving, { next, type: 'request.approved' }))
  return { ...put, judgedBy, budgetReads }
}

/** What people approved lapses like anything, from when it could be used. What policy allowed has no such job. */
function begun({ first, rollback }: Moving): Moved | null {
  if (rollback.state !== 'approved' || !rollback.requirement) return null
  const at = usableFrom(rollback, first)
  return { put: null, entries: [], jobs: [{ task: 'unredeemed', request: rollback.id, at }], dropJobs: [] }
}

function ended(ports: SetPorts, moving: Moving): Moved {
  const { first, rollback } = moving
  if (rollback.state === 'approved') {
    const outcome = 'What it would undo was not done.'
    const next: ActionRequest = {
      ...settled(ports, rollback, { move: 'revoke', outcome }),
      revokedBy: 'first',
    }
    return moved(rollback, next, entryOf(ports, moving, { next, type: 'request.revoked', by: 'first' }))
  }
  const outcome =
    first.state === 'approved'
      ? 'One person let what it would undo through alone, and that only.'
      : 'What it would undo was not done.'
  const next: ActionRequest = {
    ...settled(ports, rollback, { move: 'cancel', outcome }),
    withFirst: true,
  }
  return moved(rollback, next, entryOf(ports, moving, { next, type: 'request.cancelled' }))
}

function moved(rollback: ActionRequest, next: ActionRequest, entry?: NewEntry): Moved {
  const isOver = next.state !== 'pending'
  return {
    put: { expected: rollback.version, next },
    entries: entry ? [entry] : [],
    jobs: isOver ? refreshJob(next) : [],
    dropJobs: isOver ? jobsToDrop(next) : [],
  }
}

/** By whoever, or whatever, moved the first. */
function entryOf(
  ports: SetPorts,
  { first, change }: Moving,
  { next, type, by }: { readonly next: ActionRequest; readonly type: EntryType; readonly by?: string },
): NewEntry {
  const moves = change.entries.filter(({ entry }) => entry.request === first.id)
  const actor: Actor = moves.at(-1)?.entry.actor ?? { kind: 'system', id: 'set', via: 'set' }
  return requestEntry(ports, next, {
    type,
    actor,
    data: { outcome: outcomeOf(next), first: first.id, ...(by !== undefined && { by, grant: null }) },
  })
}
