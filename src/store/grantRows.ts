import type { Resource, SigningKey } from '../approvals/grants/records.ts'
import type { Lease } from '../approvals/leases/records.ts'
import type { Shadow } from '../approvals/shadow/records.ts'
import type { Stop } from '../approvals/stops/records.ts'
import type { Webhook, WebhookDelivery } from '../approvals/webhooks/records.ts'
import type { Row } from './rows.ts'

// What belongs to grants and to what follows them, on its way to `countersign_commit`.

export function signingKeyRow({ id, version, status, publicJwk, sealed, createdAt, since }: SigningKey): Row {
  return { id, version, status, public_jwk: JSON.stringify(publicJwk), sealed, created_at: createdAt, since }
}

export function resourceRow(resource: Resource): Row {
  const { id, version, name, audience, secretHash: secret_hash, earlier, status } = resource
  return {
    id,
    version,
    name,
    audience,
    secret_hash,
    earlier: JSON.stringify(earlier),
    status,
    created_by: JSON.stringify(resource.createdBy),
    created_at: resource.createdAt,
  }
}

export function stopRow({ id, version, scope, reason, by, at, resumed }: Stop): Row {
  return {
    id,
    version,
    scope: JSON.stringify(scope),
    reason: JSON.stringify(reason),
    by: JSON.stringify(by),
    at,
    resumed: JSON.stringify(resumed),
    standing: resumed === null,
  }
}

export function shadowRow({ id, version, filesDigest, startedAt, endsAt, ended }: Shadow): Row {
  return {
    id,
    version,
    files_digest: filesDigest,
    started_at: startedAt,
    ends_at: endsAt,
    ended_at: ended?.at ?? null,
    ended_why: ended?.why ?? null,
  }
}

export function webhookRow({ id, version, url, events, status, sealed, earlier, createdAt }: Webhook): Row {
  return {
    id,
    version,
    url,
    events: JSON.stringify(events),
    status,
    sealed,
    earlier: JSON.stringify(earlier),
    created_at: createdAt,
  }
}

export function webhookDeliveryRow(delivery: WebhookDelivery): Row {
  const { id, version, event, state, attempts } = delivery
  return {
    id,
    version,
    webhook_id: delivery.webhook,
    request_id: delivery.request,
    event,
    entry_id: delivery.entry,
    state,
    attempts,
    last: JSON.stringify(delivery.last),
    created_at: delivery.createdAt,
    ended_at: delivery.endedAt,
  }
}

export function leaseRow(lease: Lease): Row {
  const { id, version, issuer, target, state, about, sealed } = lease
  return {
    id,
    version,
    request_id: lease.request,
    issuer,
    target,
    state,
    about: JSON.stringify(about),
    sealed,
    created_at: lease.createdAt,
    expires_at: lease.expiresAt,
    ended_at: lease.endedAt,
    ending: JSON.stringify(lease.ending),
  }
}
