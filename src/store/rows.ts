import type { Change, CoolDownRead, Erasure } from '../approvals/change.ts'
import type { Delegation } from '../approvals/delegations/records.ts'
import type {
  Agent,
  AgentKey,
  AuditorKey,
  Card,
  CoolDown,
  LinkedAccount,
  Mention,
  OnCallLink,
  OperatorKey,
  PersonalToken,
} from '../approvals/records.ts'
import { type Confirmation, subjectOf } from '../core/confirmation.ts'
import type { ActionRequest } from '../core/request.ts'

/** One row on its way to `countersign_commit`: column to value. Documents travel as JSON text (see prisma/schema.prisma). */
export type Row = Readonly<
  Record<string, string | number | boolean | null | readonly string[] | readonly Row[]>
>

export function requestRow(request: ActionRequest): Row {
  return {
    id: request.id,
    version: request.version,
    state: request.state,
    action: JSON.stringify(request.action),
    digest: request.digest,
    ...(request.salt !== undefined && { digest_salt: request.salt }),
    effect: request.effect,
    agent_id: request.agent.id,
    agent: JSON.stringify(request.agent),
    initiator: JSON.stringify(request.initiator),
    behind: JSON.stringify(request.behind),
    behind_people: [...new Set(request.behind.map((one) => one.person))],
    reason: JSON.stringify(request.reason),
    run: JSON.stringify(request.run),
    verdict: JSON.stringify(request.verdict),
    requirement: JSON.stringify(request.requirement),
    decisions: JSON.stringify(request.decisions),
    escalations: JSON.stringify(request.escalations),
    ...emergencyRow(request.brokenGlass),
    outcome: JSON.stringify(outcomeRow(request)),
    ...doneRow(request),
    idempotency_key: request.idempotencyKey,
    body_digest: request.bodyDigest,
    created_at: request.createdAt,
    expires_at: request.expiresAt,
    settled_at: request.settledAt,
  }
}

/** A sentence; beside it, where that is so, what its state does not tell of how it ended. */
function outcomeRow(request: ActionRequest) {
  const { outcome, unreached, overruled, narrowed } = request
  const more = {
    unreached,
    overruled,
    agent_revoked: request.agentRevoked,
    with_first: request.withFirst,
    revoked_by: request.revokedBy,
    unreported_at: request.unreportedAt,
    revised_by: request.revisedBy,
    narrowed: narrowed && { ...narrowed },
  }
  return Object.values(more).some((one) => one !== undefined) ? { says: outcome, ...more } : outcome
}

/** What most requests have nothing of is left out, and takes the column's default. */
function doneRow(request: ActionRequest): Row {
  const { grant, executions, rollsBack, set, callbackUrl, preview, notes, revises, narrows } = request
  return {
    ...(notes && { notes: JSON.stringify(notes) }),
    ...(revises !== undefined && { revises }),
    ...(narrows !== undefined && { narrows }),
    ...(preview && { preview: JSON.stringify(preview) }),
    ...(grant && { granted: JSON.stringify(grant) }),
    ...(executions && { executions: JSON.stringify(executions) }),
    ...(rollsBack !== undefined && { rolls_back: rollsBack }),
    ...(set && { set_id: set.id, set_card: set.card }),
    ...(callbackUrl !== undefined && { callback_url: callbackUrl }),
  }
}

/** What was done and what was found are written once each, so they stand in columns of their own. */
function emergencyRow(brokenGlass: ActionRequest['brokenGlass']): Row {
  if (!brokenGlass) return { broken_glass: 'null', review: 'null', under_review: false }
  const { review, ...broken } = brokenGlass
  return {
    broken_glass: JSON.stringify(broken),
    review: JSON.stringify(review),
    under_review: review === null,
  }
}

export function erasureRow({ entry, requests, values }: Erasure): Row {
  return {
    entry_id: entry,
    requests: requests.map(({ expected, next }) => ({
      expected,
      ...{ preview: 'null', executions: '[]', notes: '[]', callback_url: null, digest_salt: null },
      ...requestRow(next),
      erased: JSON.stringify(next.erased ?? null),
    })),
    blobs: values.map((one) => ({ entry: one.entry, blob: one.name })),
  }
}

export function cardRow(card: Card): Row {
  const { id, version, conversation, status, message, shown, told, spared } = card
  const row = { id, version, request_id: card.request, conversation, status, message, shown, told }
  return { ...row, ...(spared && { spared: JSON.stringify(spared) }) }
}

export function mentionRow({ account, name, agent, at, atMost, ofAgentAtMost }: Mention): Row {
  return {
    ...{ account, name, agent_id: agent, at },
    ...(atMost !== undefined && { at_most: atMost }),
    ...(ofAgentAtMost !== undefined && { of_agent: ofAgentAtMost }),
  }
}

export function agentRow(agent: Agent): Row {
  const { id, version, name, owner, status } = agent
  return {
    id,
    version,
    name,
    owner,
    status,
    limits: JSON.stringify(agent.limits),
    tags: agent.tags,
    created_at: agent.createdAt,
  }
}

export function keyRow(key: AgentKey): Row {
  const { id, version, status } = key
  const { agent: agent_id, secretHash: secret_hash, createdBy: created_by, createdAt: created_at } = key
  return { id, version, agent_id, secret_hash, created_by, status, created_at, expires_at: key.expiresAt }
}

export function onCallLinkRow({ id, version, account, email, otherEmail, linkedAt }: OnCallLink): Row {
  return { id, version, account, email, other_email: otherEmail, linked_at: linkedAt }
}

export function accountRow({ id, version, person, name, claimedFrom, joined, parted }: LinkedAccount): Row {
  return {
    id,
    version,
    person,
    name: JSON.stringify(name),
    claimed_from: claimedFrom,
    joined: JSON.stringify(joined),
    parted: JSON.stringify(parted),
  }
}

export function confirmationRow(confirmation: Confirmation): Row {
  const { id, version, what, asked, shell, via, state, createdAt: created_at, until } = confirmation
  return {
    id,
    version,
    subject: subjectOf(what),
    what: JSON.stringify(what),
    asked: JSON.stringify(asked),
    shell: JSON.stringify(shell),
    via,
    state,
    created_at,
    until,
  }
}

export function operatorKeyRow(key: OperatorKey): Row {
  const { id, version, person, account, status } = key
  const { secretHash: secret_hash, createdAt: created_at, endsAt: ends_at, usedAt: used_at } = key
  return { id, version, person, account, secret_hash, status, created_at, ends_at, used_at }
}

export function auditorKeyRow(key: AuditorKey): Row {
  const { id, version, person, account, status, follows } = key
  const { secretHash: secret_hash, createdAt: created_at, endsAt: ends_at, usedAt: used_at } = key
  return { id, version, person, account, secret_hash, status, follows, created_at, ends_at, used_at }
}

export function personalTokenRow(token: PersonalToken): Row {
  const { id, version, person, account, status } = token
  const { secretHash: secret_hash, createdAt: created_at, endsAt: ends_at, usedAt: used_at } = token
  return { id, version, person, account, secret_hash, status, created_at, ends_at, used_at }
}

export function delegationRow(one: Delegation): Row {
  const { id, version, delegation, person, delegate, until, ended } = one
  return {
    ...{ id, version, delegation, person, delegate, delegate_person: one.delegatePerson },
    ...{ started_at: one.startedAt, until, ended_by: ended?.by ?? null, ended_at: ended?.at ?? null },
  }
}

export function coolDownRow({ agent: agent_id, digest, request: request_id, person, at }: CoolDown): Row {
  return { agent_id, digest, request_id, person, at }
}

export function callerRow({ agent, key, resource }: NonNullable<Change['caller']>): Row {
  return {
    agent_id: agent.id,
    agent_version: agent.version,
    ...(key && { key_id: key.id, key_version: key.version }),
    ...(resource && { resource_id: resource.id, resource_version: resource.version }),
  }
}

export function coolDownReadRow({ agent: agent_id, digest, request: request_id }: CoolDownRead): Row {
  return { agent_id, digest, request_id }
}

export function policyRow({ version, activation, expected, at }: NonNullable<Change['policy']>): Row {
  const { digest, filesDigest: files_digest, name, files } = version
  return { activation, expected, at, files_digest, digest, name, files: JSON.stringify(files) }
}
