import type { Run } from '../core/chain.ts'
import { digestOf } from '../core/digest.ts'
import type { Execution } from '../core/execution.ts'
import { isSettled } from '../core/lifecycle.ts'
import { outcomeOf } from '../core/outcome.ts'
import { isPastApproval, progressOf } from '../core/progress.ts'
import type { AnyRequest, Claim, CurrentRequest, Verdict } from '../core/request.ts'
import { endingOf, standing } from '../core/standing.ts'
import type { Held } from '../core/stop.ts'
import { commandToVerify, type Place } from '../ledger/place.ts'
import type { Around } from './around.ts'
import { withNotes } from './notesInTag.ts'
import { type ReportedBody, type RequestBody, requestSchema } from './requestSchema.ts'

/** Whether a claim proves who the initiator is. */
export const attested = {
  agent_owner: false,
  email: false,
  slack_user_id: false,
  entra_user_id: false,
  id_token: true,
} as const satisfies Record<Claim, boolean>

/** Where a request lives. */
export function addressOf(request: AnyRequest, baseUrl: string): string {
  return `${baseUrl}/v1/requests/${request.id}`
}

/** Seconds after which it makes sense to look at a pending request again, for those who do not wait. */
const lookAgainAfterSeconds = 2

/** What every answer that shows a request carries. */
export function headersOf(request: CurrentRequest, around: Around): Record<string, string> {
  return {
    etag: entityTag(request, around),
    ...(!isSettled(request.state) && { 'retry-after': String(lookAgainAfterSeconds) }),
  }
}

/**
 * Changes with every change of the request and of its rollbacks, when a stop begins or ceases to hold it, when people in it turn out
 * to be one or behind it, and where its place in the ledger is shown, with that. While nothing of it is sealed it is the tag that asking gave.
 */
export function entityTag(request: CurrentRequest, { held, rollbacks, place }: Around): string {
  const { version, renamed } = request
  const id = held ? `${request.id}-${held.stop}` : request.id
  // Of those that the record does not call ended yet.
  const ended = request.decisions.flatMap((one) => (!one.ended && endingOf(request, one) ? [one.person] : []))
  const sealed = [place?.first ?? null, place?.latest ?? null]
  const isSealed = sealed.some((index) => index !== null)
  const notes = request.notes?.length ?? 0
  if (renamed.size === 0 && ended.length === 0 && rollbacks.length === 0 && !isSealed)
    return withNotes(`${id}-${version}`, notes)
  const undone = rollbacks.map((one) => `${one.id} ${one.state}`)
  const rest = digestOf('countersign/renamed/v1', {
    people: [...renamed],
    ended,
    ...(undone.length > 0 && { undone }),
    ...(isSealed && { sealed }),
  })
  return withNotes(`${id}-${version}-${rest.slice('sha256:'.length, 'sha256:'.length + 12)}`, notes)
}

/** True when `If-None-Match` names this tag (RFC 9110 13.1.2: weak comparison, `*` is any). */
export function matchesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(tag)
}

/** A request as its agent may see it, with people as we know them now: no accounts, no e-mail addresses, no key. */
export function presentRequest(
  request: CurrentRequest,
  baseUrl: string,
  { held, rollbacks, place, narrowedTo }: Around,
): RequestBody {
  const { action, verdict } = request
  return {
    id: request.id,
    state: request.state,
    digest: request.digest,
    action: action.action,
    resource: { type: action.resource.type, id: action.resource.id },
    params: { ...action.params },
    environment: action.environment,
    reason: request.reason,
    agent: { id: request.agent.id, name: request.agent.name },
    initiator: { person: request.initiator.person, attested: attested[request.initiator.claim] },
    run: request.run && presentRun(request.run),
    verdict: verdictOf(verdict),
    requirement: requirementOf(request),
    decisions: request.decisions.map((one) => decisionOf(request, one)),
    escalations: request.escalations.map(({ at, by, to, legs }) => ({ at, by, to: to.ref, legs: [...legs] })),
    notes: (request.notes ?? []).map(({ id, kind, by, at, text, to }) => ({
      ...{ id, kind, by, at, text },
      ...(to !== undefined && { to }),
    })),
    broken_glass: brokenGlassOf(request),
    held: held && presentHeld(held),
    grant: grantOf(request),
    executions: (request.executions ?? []).map(executionOf),
    rolls_back: request.rollsBack ?? null,
    revises: request.revises ?? null,
    revised_by: request.revisedBy ?? null,
    narrows: request.narrows ?? null,
    narrowed_to: narrowedOf(request, narrowedTo),
    set: request.set?.id ?? null,
    rollbacks: rollbacks.map(({ id, state }) => ({ id, state })),
    outcome: toldOutcome(request),
    outcome_code: outcomeOf(request),
    created_at: request.createdAt,
    settled_at: request.settledAt,
    ...(request.erased && { erased_at: request.erased.at }),
    ...(place !== undefined && { ledger: place && presentPlace(request, place) }),
    links: { self: addressOf(request, baseUrl) },
  }
}

/** Which agents are registered here is no business of another agent's: it hears what it said. */
function presentRun({ through, ...rest }: Run): NonNullable<RequestBody['run']> {
  return { ...rest, ...(through && { through: through.map(({ kind, name }) => ({ kind, name })) }) }
}

/** What is asked instead, exactly: whoever goes on as it was asked first does what nobody approved. */
function narrowedOf({ narrowed }: AnyRequest, left: AnyRequest | undefined): RequestBody['narrowed_to'] {
  if (!narrowed || !left) return null
  const { action, resource, params, environment } = left.action
  return {
    ...{ id: left.id, digest: left.digest, action, resource: { type: resource.type, id: resource.id } },
    ...{ params: { ...params }, environment, by: narrowed.person, reason: narrowed.reason },
  }
}

function presentPlace({ id }: AnyRequest, { origin, first, latest }: Place): RequestBody['ledger'] {
  return { origin, first, latest, verify: commandToVerify(id) }
}

function verdictOf({ kind, rules, policy, message, code, errors, facts }: Verdict): RequestBody['verdict'] {
  // Written by `coolingDown`, in this form.
  const cooling = requestSchema.shape.verdict.shape.cooling_down.safeParse(facts.cooling_down).data
  return {
    kind,
    rules: [...rules],
    policy,
    message,
    code,
    ...(cooling && { cooling_down: cooling }),
    errors: [...errors],
  }
}

/** Also one that does not count any more: how, why and since when. Why somebody took theirs back is written for people. */
function decisionOf(
  request: CurrentRequest,
  decision: CurrentRequest['decisions'][number],
): RequestBody['decisions'][number] {
  const { kind, person, reason, at, via, late = false } = decision
  const ending = endingOf(request, decision)
  const ended = ending && {
    how: ending.how,
    why: ending.how === 'lapsed' ? ending.why.cause : null,
    at: ending.at,
  }
  return { kind, person, reason, at, via, late, ended }
}

/** After an approval, what has become of it, in the words that people read; by which rule policy denies it, the record says. */
function toldOutcome(request: CurrentRequest): string | null {
  const { state, revokedBy, outcome } = request
  return isPastApproval(state) && revokedBy !== 'policy' ? progressOf(request) : outcome
}

/** Never the token: who has a grant's token may do what it says. */
function grantOf({ grant }: CurrentRequest): RequestBody['grant'] {
  if (!grant) return null
  const { id, audience, issuedAt, expiresAt, redeemed } = grant
  return {
    id,
    audience,
    issued_at: issuedAt,
    expires_at: expiresAt,
    redeemed_at: redeemed?.at ?? null,
  }
}

/** What a resource sees of the request that it has reported on. */
export function presentReport({ id, state }: AnyRequest, execution: Execution): ReportedBody {
  return { id, state, execution: executionOf(execution) }
}

function executionOf(execution: Execution): RequestBody['executions'][number] {
  const { state, by, digest, result, links, note, deviations, late = false, at } = execution
  return {
    state,
    by: { kind: by.kind, id: by.id },
    digest,
    result,
    links: [...links],
    note,
    deviations: deviations.map((one) => ({ ...one })),
    late,
    at,
  }
}

function requirementOf(request: CurrentRequest): RequestBody['requirement'] {
  const quorum = standing(request)
  if (!request.requirement || !request.expiresAt || !quorum) return null
  const legs = request.requirement.legs.map(({ name, count }) => ({
    name,
    count,
    filled: quorum.filled.get(name)?.length ?? 0,
  }))
  return { legs, expires_at: request.expiresAt }
}

/** What an agent is told of a stop: never who made it. */
export function presentHeld({ stop, reason, since }: Held): NonNullable<RequestBody['held']> {
  return { stop, reason, since }
}

/** Without the reason and the note: they are written for people. */
function brokenGlassOf({ brokenGlass }: CurrentRequest): RequestBody['broken_glass'] {
  if (!brokenGlass) return null
  const { person, at, reviewBy, review } = brokenGlass
  return { by: person, at, review_by: reviewBy, reviewed_at: review?.at ?? null }
}
