import { seenDigest } from '../card/seen.ts'
import type { PersonId } from '../core/identity.ts'
import type { JsonObject } from '../core/json.ts'
import { move } from '../core/lifecycle.ts'
import { outcomeOf } from '../core/outcome.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest, CurrentRequest, Decision } from '../core/request.ts'
import { isDecidedElsewhere } from '../core/set.ts'
import { standing } from '../core/standing.ts'
import { visible } from '../core/visible.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { byPerson, type Decided, howItCame, type Ruling, refuseIfOver } from './byPerson.ts'
import { inPlaceOf } from './delegations/inPlaceOf.ts'
import { judgedAgain, lapsedEntry } from './judgedAgain.ts'
import { lateDenier } from './lateDenial.ts'
import { requestEntry } from './newEntry.ts'
import { judgedPeople } from './people/currentPeople.ts'
import { mayDecide, type Voter } from './people/eligibility.ts'
import type { Vote } from './personCommand.ts'
import { judgedNow, overruled } from './policy/judgedNow.ts'
import type { Ports } from './ports.ts'
import { refuseWithoutProof } from './proof.ts'
import type { CoolDown } from './records.ts'
import { decidedTogether } from './sets/decideTogether.ts'
import { shownWith } from './sets/members.ts'
import { followingJobs, jobsToDrop, refreshJob, settled } from './settle.ts'
import { refuseStopped } from './stops/refuse.ts'
import { refuseOtherWays } from './ways.ts'

/** A vote, and what it says. */
export interface Attempt extends Vote {
  readonly kind: 'approve' | 'deny'
}

/**
 * A person decides. Before the approval that would release the action counts, every approval that stands is judged again
 * by today's people, groups and accounts; one that does not count any more is marked in the same commit, its leg is open
 * again, and this one counts for its own (threats: vote-outlived). What would be released is judged by the policy of now,
 * which may deny it after all (threats: drift). A denial that comes after the request has expired is
 * kept as one, and changes nothing of how it ended (threats: four-endings); the same cools down from it. What a stop holds can
 * be denied and not approved: that vote is refused, and can be given again when people have resumed it. Of several lines of one card each is
 * judged so (`decidedTogether`).
 *
 * @throws Refusal `unknown_request`, `foreign_payload`, `wrong_state`, `reason_needed`, `via_not_allowed`, those of `mayDecide` and
 *   `refuseWithoutProof`, `stopped`, `directory_unavailable` when nobody can say whether an approval still counts, `not_ready` when
 *   the active policy cannot say whether it denies it by now, `busy`
 */
export function decide(ports: Ports, attempt: Attempt): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: attempt.kind,
    judge: (ports, request) =>
      attempt.together
        ? decidedTogether(ports, { carrier: request, attempt, judge: judged })
        : judged(ports, request, attempt),
  })
}

async function judged(ports: Ports, request: ActionRequest, attempt: Attempt): Promise<Ruling> {
  const late = attempt.kind === 'deny' ? await lateDenier(ports, request, attempt) : null
  if (!late) await refuseIfOver(ports, request)
  if (attempt.kind === 'deny' && visible(attempt.reason ?? '') === '')
    throw new Refusal('reason_needed', 'a denial without a reason')
  if (late) {
    refuseOtherWays(request.requirement, attempt)
    return lateRuling(ports, late.expired, { voter: late.voter, attempt })
  }
  const voter = await mayDecide(ports, request, attempt.account)
  const asked = await inPlaceOf(ports, request, voter)
  refuseOtherWays(request.requirement, attempt)
  if (attempt.kind === 'deny') return await ruling(ports, request, { voter, attempt, asked })
  if (request.requirement) refuseWithoutProof(request.requirement, attempt)
  const stops = await refuseEitherStopped(ports, request)
  return { ...(await ruling(ports, request, { voter, attempt, asked })), ...stops }
}

/** The earlier of the two readings is named: a stop between them may cover only what was looked at before it. */
async function refuseEitherStopped(ports: Ports, request: ActionRequest): Promise<Pick<Ruling, 'stopsRead'>> {
  const together = await shownWith(ports, request)
  const earlier = together && isDecidedElsewhere(together) ? await refuseStopped(ports, together) : null
  const stops = await refuseStopped(ports, request)
  return earlier ?? stops
}

interface By {
  readonly voter: Voter
  readonly attempt: Attempt
  /** In whose place they were told of it. */
  readonly asked?: readonly PersonId[]
}

function decisionBy(ports: Ports, { voter, attempt, asked = [] }: By): Decision {
  return {
    person: voter.person,
    account: voter.account.key,
    kind: attempt.kind,
    reason: attempt.reason?.trim() || null,
    legs: voter.legs,
    typed: attempt.kind === 'approve' ? attempt.typed : [],
    via: attempt.via,
    seen: seenDigest(attempt.seen),
    at: ports.clock().toISOString(),
    ...(asked.length > 0 && { inPlaceOf: asked }),
  }
}

/** The state stays: expired wins. Its cool-down begins all the same, or a short deadline would be a way around it. */
async function lateRuling(ports: Ports, expired: ActionRequest, by: By): Promise<Ruling> {
  const decision: Decision = { ...decisionBy(ports, by), late: true }
  const next = {
    ...expired,
    version: expired.version + 1,
    decisions: [...expired.decisions, decision],
  }
  const { current, links } = await judgedPeople(ports, next)
  return {
    request: { expected: expired.version, next },
    links: [...by.voter.links, ...links],
    entries: [decisionEntry(ports, next, { ...by, decision })],
    jobs: refreshJob(next),
    ...(isDenied(current) && !by.attempt.mayAskAgain && { coolDowns: [coolDownFrom(next, decision)] }),
  }
}

/**
 * What a vote of somebody who may decide makes of a request, also of one that the same commit makes.
 *
 * @throws Refusal `directory_unavailable`, `not_ready`
 */
export async function ruling(ports: Ports, request: ActionRequest, by: By): Promise<Ruling> {
  const { voter, attempt } = by
  const decision = decisionBy(ports, by)
  const made = { ...request, decisions: [...request.decisions, decision] }
  const { decided, current, lapses, links } = await judgedAgain(ports, made)
  const voted = afterDecision(ports, decided, current)
  const now = voted.state === 'approved' ? await judgedNow(ports, request, 'approval') : null
  const denied = now?.denial ? overruled(ports, decided, now.denial) : null
  const next = denied?.next ?? voted
  const lines = [
    decisionEntry(ports, next, { voter, attempt, decision }),
    ...lapses.map((lapse) => lapsedEntry(ports, next, lapse)),
    ...(denied ? [denied.entry] : settledEntries(ports, next, { voter, attempt, current })),
  ]
  return {
    request: { expected: request.version, next },
    links: [...voter.links, ...links],
    ...(now && { judgedBy: now.judgedBy }),
    ...(next.state === 'approved' && now?.budgetReads.length && { budgetReads: now.budgetReads }),
    entries: lines,
    jobs: followingJobs(next),
    ...(next.state === 'pending' ? {} : { dropJobs: jobsToDrop(next) }),
    ...(next.state === 'denied' &&
      !denied &&
      !attempt.mayAskAgain && { coolDowns: [coolDownFrom(next, decision)] }),
  }
}

/** Whoever ends the asking by a denial, or would have in time, says whether the same may be asked again at once. */
function coolDownFrom({ id, agent, digest }: ActionRequest, { person, at }: Decision): CoolDown {
  return { agent: agent.id, digest, request: id, person, at }
}

/**
 * Denials end the request as soon as enough people have denied; approvals when every seat of every leg is filled. People
 * of today are counted: two who turned out to be one have one voice.
 */
function afterDecision(ports: Ports, decided: ActionRequest, current: CurrentRequest): ActionRequest {
  const denials = current.decisions.filter((decision) => decision.kind === 'deny')
  if (isDenied(current))
    return settled(ports, decided, { move: 'deny', outcome: denials.at(-1)?.reason ?? 'Denied.' })
  if (standing(current)?.met) return settled(ports, decided, { move: 'approve', outcome: 'Approved.' })
  move(decided.state, 'approve') // a request that cannot be approved from here cannot take decisions either
  return { ...decided, version: decided.version + 1 }
}

/** Whether enough people have said no. */
function isDenied({ decisions, requirement }: CurrentRequest): boolean {
  const people = decisions.filter(({ kind }) => kind === 'deny').map(({ person }) => person)
  return new Set(people).size >= (requirement?.denyCount ?? 1)
}

function decisionEntry(
  ports: Ports,
  request: ActionRequest,
  by: By & { readonly decision: Decision },
): NewEntry {
  const { voter, attempt, decision } = by
  return requestEntry(ports, request, {
    type: 'decision.made',
    actor: { kind: 'person', id: voter.person, account: voter.account.key, via: attempt.via },
    data: {
      kind: decision.kind,
      legs: [...decision.legs],
      at: decision.at,
      card: attempt.card,
      delivery: attempt.delivery,
      ...howItCame(attempt),
      ...(attempt.listed && { listed: [...attempt.listed] }),
      ...(attempt.mayAskAgain && { may_ask_again: true }),
      ...(decision.late && { late: true }),
      ...(decision.inPlaceOf && { in_place_of: [...decision.inPlaceOf] }),
      ...(voter.onCall.length > 0 && { on_call: voter.onCall.map(sayDuty) }),
    },
    kept: {
      identity: { ...voter.account },
      reason: decision.reason,
      typed: decision.typed.length > 0 ? [...decision.typed] : null,
      seen: attempt.seen,
    },
  })
}

function sayDuty({ escalationPolicy, ...duty }: Voter['onCall'][number]): JsonObject {
  return { ...duty, escalation_policy: escalationPolicy }
}

function settledEntries(
  ports: Ports,
  request: ActionRequest,
  by: By & { readonly current: CurrentRequest },
): readonly NewEntry[] {
  if (request.state !== 'approved' && request.state !== 'denied') return []
  const filled = standing(by.current)?.filled ?? new Map<string, readonly string[]>()
  const entry = requestEntry(ports, request, {
    type: `request.${request.state}`,
    actor: { kind: 'person', id: by.voter.person, account: by.voter.account.key, via: by.attempt.via },
    data: {
      outcome: outcomeOf(request),
      legs: Object.fromEntries([...filled].map(([leg, people]) => [leg, [...people]])),
    },
  })
  return [entry]
}
