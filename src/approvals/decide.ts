import { digestOf } from '../core/canonical.ts'
import type { AccountKey, PersonId } from '../core/identity.ts'
import { move } from '../core/lifecycle.ts'
import { Refusal } from '../core/refusal.ts'
import { type ActionRequest, type Decision, standing } from '../core/request.ts'
import type { Line } from '../ledger/entry.ts'
import { mayDecide, type Voter } from './eligibility.ts'
import { expire } from './expire.ts'
import { requestLine } from './line.ts'
import { currentPeople } from './people.ts'
import type { Change, Ports } from './ports.ts'
import { jobsToDrop, refreshJob, settled } from './settle.ts'

/** One person's attempt to decide. */
export interface Attempt {
  readonly request: string
  readonly account: AccountKey
  readonly kind: 'approve' | 'deny'
  readonly reason: string | null
  /** The channel it came through, such as `slack`. */
  readonly via: string
  /** The card whose button was used, or null when there was none. */
  readonly card: string | null
  /** The facts of the action as they were rendered for this person. */
  readonly seen: string
  /** Name of the click: the same click delivered twice has the same name, and takes effect once. */
  readonly delivery: string
}

export interface Decided {
  readonly request: ActionRequest
  /** True when this delivery was answered before: nothing happened now. */
  readonly repeated: boolean
}

/** How often a decision that lost a race is computed again. Each loss means that somebody else got through. */
const triesWhenBeaten = 12

/**
 * A person decides. Judged against the newest version of the request and committed against that version; whoever loses
 * a race is judged again by what is true then. Refused attempts are recorded too, and nothing else changes.
 *
 * @throws Refusal `unknown_request`, `foreign_payload`, `wrong_state`, `reason_needed`, those of `mayDecide`, `busy`
 */
export async function decide(ports: Ports, attempt: Attempt): Promise<Decided> {
  for (let tries = 0; tries < triesWhenBeaten; tries += 1) {
    const request = await ports.store.request(attempt.request)
    if (!request) throw new Refusal('unknown_request', 'a decision on a request that does not exist')
    const change = await judge(ports, request, attempt)
    const committed = await ports.store.commit({ ...change, delivery: attempt.delivery })
    if (committed === 'conflict') continue
    if (committed === 'duplicate') return { request, repeated: true }
    if ('refusal' in change) throw change.refusal
    return { request: change.request.next, repeated: false }
  }
  throw new Refusal('busy', 'a decision lost too many races')
}

type Judgement =
  | (Change & { readonly refusal: Refusal })
  | (Change & { readonly request: NonNullable<Change['request']> })

async function judge(ports: Ports, request: ActionRequest, attempt: Attempt): Promise<Judgement> {
  try {
    await refuseForeignCard(ports, attempt)
    await refuseIfOver(ports, request)
    if (attempt.kind === 'deny' && !attempt.reason?.trim())
      throw new Refusal('reason_needed', 'a denial without a reason')
    const voter = await mayDecide(ports, request, attempt.account)
    return await decisionBy(ports, request, { voter, attempt })
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return { refusal, lines: [refusedLine(ports, request, { attempt, refusal })] }
  }
}

/** A card counts only for the request it was posted for, and only while no other has taken its place. */
async function refuseForeignCard(ports: Ports, attempt: Attempt): Promise<void> {
  if (attempt.card === null) return
  const card = await ports.store.card(attempt.card)
  if (card?.request !== attempt.request || card.status !== 'posted')
    throw new Refusal('foreign_payload', 'the card is not a posted card of this request')
}

/** The deadline wins over a click that travelled too long (threats: late-approval). */
async function refuseIfOver(ports: Ports, request: ActionRequest): Promise<void> {
  const overdue =
    request.state === 'pending' &&
    request.expiresAt !== null &&
    ports.clock().toISOString() >= request.expiresAt
  if (overdue) await expire(ports, request.id)
  if (overdue || request.state !== 'pending')
    throw new Refusal('wrong_state', `a decision on a request that is ${overdue ? 'expired' : request.state}`)
}

async function decisionBy(
  ports: Ports,
  request: ActionRequest,
  by: { readonly voter: Voter; readonly attempt: Attempt },
): Promise<Judgement> {
  const { voter, attempt } = by
  const decision: Decision = {
    person: voter.person,
    account: voter.account.key,
    kind: attempt.kind,
    reason: attempt.reason?.trim() || null,
    legs: voter.legs,
    via: attempt.via,
    seen: digestOf('countersign/seen/v1', { text: attempt.seen }),
    at: ports.clock().toISOString(),
  }
  const decided = { ...request, decisions: [...request.decisions, decision] }
  const today = await currentPeople(
    ports,
    decided.decisions.map((one) => one.person),
  )
  const next = afterDecision(ports, decided, today)
  const lines = [
    madeLine(ports, next, { voter, attempt, decision }),
    ...settledLine(ports, next, { voter, attempt }),
  ]
  return {
    request: { expected: request.version, next },
    lines,
    jobs: refreshJob(next),
    ...(next.state === 'pending' ? {} : { dropJobs: jobsToDrop(next) }),
  }
}

/** Denials end the request as soon as there are enough; approvals when every seat of every leg is filled. */
function afterDecision(
  ports: Ports,
  decided: ActionRequest,
  today: (person: PersonId) => PersonId,
): ActionRequest {
  const denials = decided.decisions.filter((decision) => decision.kind === 'deny')
  if (denials.length >= (decided.requirement?.denyCount ?? 1))
    return settled(ports, decided, { move: 'deny', outcome: denials.at(-1)?.reason ?? 'Denied.' })
  if (standing(decided, today)?.met) return settled(ports, decided, { move: 'approve', outcome: 'Approved.' })
  move(decided.state, 'approve') // a request that cannot be approved from here cannot take decisions either
  return { ...decided, version: decided.version + 1 }
}

function madeLine(
  ports: Ports,
  request: ActionRequest,
  by: { readonly voter: Voter; readonly attempt: Attempt; readonly decision: Decision },
): Line {
  const { voter, attempt, decision } = by
  return requestLine(ports, request, {
    type: 'decision.made',
    actor: { kind: 'person', id: voter.person, account: voter.account.key, via: attempt.via },
    data: {
      kind: decision.kind,
      legs: [...decision.legs],
      card: attempt.card,
      delivery: attempt.delivery,
      seen: decision.seen,
    },
    kept: { identity: { ...voter.account }, reason: decision.reason, seen: attempt.seen },
  })
}

function settledLine(
  ports: Ports,
  request: ActionRequest,
  by: { readonly voter: Voter; readonly attempt: Attempt },
): readonly Line[] {
  if (request.state !== 'approved' && request.state !== 'denied') return []
  const filled = standing(request)?.filled ?? new Map<string, readonly string[]>()
  const line = requestLine(ports, request, {
    type: `request.${request.state}`,
    actor: { kind: 'person', id: by.voter.person, account: by.voter.account.key, via: by.attempt.via },
    data: { legs: Object.fromEntries([...filled].map(([leg, people]) => [leg, [...people]])) },
  })
  return [line]
}

function refusedLine(
  ports: Ports,
  request: ActionRequest,
  by: { readonly attempt: Attempt; readonly refusal: Refusal },
): Line {
  const { attempt, refusal } = by
  return requestLine(ports, request, {
    type: 'decision.refused',
    actor: { kind: 'person', id: attempt.account, account: attempt.account, via: attempt.via },
    data: {
      kind: attempt.kind,
      code: refusal.code,
      detail: refusal.message,
      card: attempt.card,
      delivery: attempt.delivery,
    },
  })
}
