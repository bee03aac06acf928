import type { PersonalView } from '../approvals/readByToken.ts'
import type { CurrentPerson } from '../core/identity.ts'
import { outcomeOf } from '../core/outcome.ts'
import { effectiveLegs } from '../core/request.ts'
import { wordsOf } from '../core/requirement.ts'
import { endingOf } from '../core/standing.ts'
import { waysOf } from '../core/ways.ts'
import type { PersonalRequestBody } from './personSchema.ts'
import { attested, presentHeld } from './presentRequest.ts'

type RequestView = PersonalView['view']

/** Where a person finds a request by their token. */
function personalAddressOf(id: string, baseUrl: string): string {
  return `${baseUrl}/v1/me/requests/${id}`
}

/** A request as a person may see it: sensitive parameters masked, people by name, no accounts. */
export function presentPersonal(personal: PersonalView, baseUrl: string): PersonalRequestBody {
  const { view, legs, may, refused } = personal
  const { request, held } = view
  const { action, initiator, verdict } = request
  return {
    id: request.id,
    state: request.state,
    digest: personal.digest,
    view: personal.seenDigest,
    seen: personal.seen,
    action: action.action,
    resource: { type: action.resource.type, id: action.resource.id },
    environment: action.environment,
    params: { ...action.params },
    reason: request.reason,
    agent: { id: request.agent.id, name: request.agent.name },
    initiator: { ...named(view, initiator.person), attested: attested[initiator.claim] },
    why: verdict.why.map(({ says }) => says),
    asks: asksOf(view),
    you: { legs: [...legs], may: [...may], refused },
    decisions: request.decisions.map((one) => ({
      kind: one.kind,
      ...named(view, one.person),
      reason: one.reason,
      at: one.at,
      via: one.via,
      late: one.late ?? false,
      ended: endingOf(request, one)?.how ?? null,
    })),
    notes: (request.notes ?? []).map(({ id, kind, by, at, text, to }) => ({
      ...{ id, kind, by, at, text },
      name: by === 'agent' ? request.agent.name : named(view, by).name,
      ...(to !== undefined && { to }),
    })),
    held: held ? presentHeld(held) : null,
    outcome: request.outcome,
    outcome_code: outcomeOf(request),
    created_at: request.createdAt,
    settled_at: request.settledAt,
    links: { self: personalAddressOf(request.id, baseUrl) },
  }
}

function named({ people }: RequestView, person: CurrentPerson) {
  return { person, name: people.get(person)?.name ?? null }
}

function asksOf({ request, filled }: RequestView): PersonalRequestBody['asks'] {
  const { requirement, expiresAt } = request
  if (!requirement) return null
  const { reason, confirm, stepUp, denyCount } = requirement
  return {
    legs: effectiveLegs(request).map(({ name, from, count }) => ({
      name,
      from: from.map(({ ref }) => ref),
      count,
      filled: filled.get(name)?.length ?? 0,
    })),
    deny_count: denyCount,
    reason: reason && { min_length: reason.minLength, must: [...wordsOf(reason)] },
    typed: [...confirm],
    step_up: stepUp,
    via: [...waysOf(requirement)],
    expires_at: expiresAt,
  }
}
