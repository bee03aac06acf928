import { type EscalationStep, escalatesAt, escalationsLeft } from '../core/escalations.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest, Escalated } from '../core/request.ts'
import { carrierOf } from '../core/set.ts'
import { visible } from '../core/visible.ts'
import type { Actor, NewEntry } from '../ledger/entry.ts'
import { byPerson, type Decided, type Ruling, refuseIfOver } from './byPerson.ts'
import { jobKey } from './job.ts'
import { requestEntry } from './newEntry.ts'
import { mayDecide, type Voter } from './people/eligibility.ts'
import type { EscalationAttempt } from './personCommand.ts'
import type { Ports } from './ports.ts'
import { refreshJob } from './settle.ts'

/**
 * A person escalates: the people of the requirement whom they choose, or the next ones, are told and may help, and nobody is removed. For
 * people who could decide themselves.
 *
 * @throws Refusal `unknown_request`, `foreign_payload`, `wrong_state`, those of `mayDecide`, `nothing_to_escalate`,
 *   `reason_needed`, `busy`
 */
export function escalate(ports: Ports, attempt: EscalationAttempt): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: 'escalate',
    judge: async (ports, request) => {
      await refuseIfOver(ports, request)
      const voter = await mayDecide(ports, request, attempt.account)
      const left = escalationsLeft(request)
      if (left.length === 0)
        throw new Refusal('nothing_to_escalate', 'every escalation of the requirement has taken place')
      const { to } = attempt
      const chosen = to === undefined ? left[0] : left.find((one) => one.to.address === to)
      if (!chosen)
        throw new Refusal('wrong_state', 'the people who were chosen are not among those who are left')
      const reason = attempt.reason.trim()
      if (visible(reason) === '') throw new Refusal('reason_needed', 'an escalation without a reason')
      return ruling(ports, request, { steps: [chosen], voter, attempt: { ...attempt, reason } })
    },
  })
}

/**
 * The time of the requirement's `nth` escalation has come: it takes place, after those before it that are left, unless it has. One
 * that is not due yet (a clock went back) gets its job again.
 *
 * @throws Refusal `unknown_request`
 */
export async function escalateInTime(
  ports: Ports,
  due: { readonly request: string; readonly nth: number },
): Promise<void> {
  const request = await ports.store.request(due.request)
  if (!request) throw new Refusal('unknown_request', 'an escalation of a request that does not exist')
  const at = escalatesAt(request, due.nth)
  if (request.state !== 'pending' || at === null) return
  const steps = escalationsLeft(request).filter(({ nth }) => nth <= due.nth)
  if (steps.length === 0) return
  if (ports.clock().toISOString() < at) {
    await ports.store.commit({ entries: [], jobs: [{ task: 'escalate', ...due, at }] })
    return
  }
  const committed = await ports.store.commit(ruling(ports, request, { steps, voter: null, attempt: null }))
  // Beaten by a decision, or by somebody who could not wait: what they made of it is judged anew.
  if (committed !== 'applied') await escalateInTime(ports, due)
}

interface By {
  readonly steps: readonly EscalationStep[]
  /** Null for the deadline. */
  readonly voter: Voter | null
  readonly attempt: EscalationAttempt | null
}

function ruling(ports: Ports, request: ActionRequest, by: By): Ruling {
  const { steps, voter, attempt } = by
  const at = ports.clock().toISOString()
  const first = request.escalations.length
  const took = steps.map(
    ({ to, legs, nth }, index): Escalated => ({
      at,
      by: voter?.person ?? 'deadline',
      reason: attempt?.reason ?? null,
      to,
      legs,
      ...(nth !== first + index && { nth }),
    }),
  )
  const next = {
    ...request,
    version: request.version + 1,
    escalations: [...request.escalations, ...took],
  }
  return {
    request: { expected: request.version, next },
    links: voter?.links ?? [],
    entries: took.map((one, index) =>
      escalatedEntry(ports, next, { one, nth: one.nth ?? first + index, by }),
    ),
    // Whoever is brought in finds a card of its own, also where one stood for many.
    jobs: [...refreshJob(next), { task: 'announce', request: carrierOf(next) }],
    dropJobs: steps.map(({ nth }) => jobKey({ task: 'escalate', request: request.id, nth, at: '' })),
  }
}

function escalatedEntry(
  ports: Ports,
  request: ActionRequest,
  about: { readonly one: Escalated; readonly nth: number; readonly by: By },
): NewEntry {
  const { one, nth, by } = about
  const { voter, attempt } = by
  const actor: Actor =
    voter && attempt
      ? { kind: 'person', id: voter.person, account: voter.account.key, via: attempt.via }
      : { kind: 'system', id: 'deadline', via: 'clock' }
  return requestEntry(ports, request, {
    type: 'request.escalated',
    actor,
    data: {
      nth,
      to: { ref: one.to.ref, address: one.to.address },
      legs: [...one.legs],
      ...(attempt && { card: attempt.card, delivery: attempt.delivery }),
    },
    kept: { identity: voter && { ...voter.account }, reason: one.reason },
  })
}
