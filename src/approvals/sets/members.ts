import { declaredIn } from '../../card/declared.ts'
import type { ActionRequest, AnyRequest } from '../../core/request.ts'
import { withEarlier } from '../earlierAsked.ts'
import { newRequest } from '../newRequest.ts'
import type { PeopleBehind } from '../people/peopleBehind.ts'
import type { Judged } from '../policy/judge.ts'
import type { Ports } from '../ports.ts'
import type { Submission, SubmissionEnvelope } from '../submission.ts'
import type { Declared } from './declared.ts'

/** What a submission makes: one request, or two that are a set. */
interface Members {
  readonly first: ActionRequest
  readonly rollback: ActionRequest | null
}

export function membersOf(
  ports: Pick<Ports, 'ids' | 'clock'>,
  envelope: SubmissionEnvelope,
  parts: {
    readonly submission: Submission
    readonly people: PeopleBehind
    readonly judged: Judged
    readonly declared: Declared | null
  },
): Members {
  const { submission, people, declared } = parts
  const judged = declared?.judged ?? parts.judged
  const first = newRequest(ports, envelope, { submission, people, judged })
  if (!declared) return { first, rollback: null }
  const set = ports.ids.next('set')
  const made = newRequest(
    ports,
    // The space keeps it apart from every key that can be sent.
    { ...envelope, idempotencyKey: `rollback ${set}` },
    { people, ...declared.rollback },
  )
  const { createdAt } = first
  return {
    first: { ...first, set: { id: set, card: first.id } },
    rollback: {
      ...made,
      rollsBack: first.id,
      set: { id: set, card: declared.isJoint ? first.id : made.id },
      createdAt,
      ...(declared.isJoint && { expiresAt: first.expiresAt }),
    },
  }
}

/** The same, with what the record says of what its agent asked before, where people are asked. */
export async function membersWithEarlier(
  ports: Pick<Ports, 'store' | 'policy'>,
  { first, rollback }: Members,
): Promise<Members> {
  const [asked = first, other = null] = await withEarlier(ports, rollback ? [first, rollback] : [first])
  return { first: asked, rollback: other }
}

/** The rollback that is shown with a request, and decided by the same votes where policy asks about both; null where there is none. */
export async function shownWith(
  { store }: { readonly store: Pick<Ports['store'], 'rollbacksOf'> },
  request: AnyRequest,
): Promise<AnyRequest | null> {
  if (!request.set || request.rollsBack !== undefined) return null
  return declaredIn(request, await store.rollbacksOf([request.id]))
}
