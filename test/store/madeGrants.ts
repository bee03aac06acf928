import type { Resource, SigningKey } from '../../src/approvals/grants/records.ts'
import type { Lease } from '../../src/approvals/leases/records.ts'
import type { Stop } from '../../src/approvals/stops/records.ts'
import type { Webhook, WebhookDelivery } from '../../src/approvals/webhooks/records.ts'
import type { Execution } from '../../src/core/execution.ts'
import { type Grant, grantIdOf } from '../../src/core/grant.ts'
import { at, newId } from './made.ts'

const actor = { kind: 'system', id: 'operator', via: 'cli' } as const
const later = '2026-11-24T15:00:00.000Z'

export function madeGrant(request: string, given: Partial<Grant> = {}): Grant {
  return {
    id: grantIdOf(request),
    audience: 'https://db.acme.test',
    profile: 'id',
    issuer: 'https://countersign.acme.test',
    signedWith: 'kid_1',
    askedWith: 'key_1',
    jkt: null,
    issuedAt: '2026-11-24T14:01:00.000Z',
    expiresAt: '2026-11-24T14:03:00.000Z',
    spentBy: 'agent',
    tokenOnly: false,
    redeemed: null,
    ...given,
  }
}

export const redemption = { attempt: 'one', by: { kind: 'agent', id: 'agt_1' }, at } as const

export function madeExecution(given: Partial<Execution> = {}): Execution {
  return {
    state: 'succeeded',
    by: { kind: 'agent', id: 'agt_1' },
    action: null,
    digest: null,
    result: null,
    links: [],
    note: 'done \u0000',
    deviations: [],
    at,
    ...given,
  }
}

export function madeSigningKey(given: Partial<SigningKey> = {}): SigningKey {
  return {
    id: newId('kid'),
    version: 1,
    status: 'next',
    publicJwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
    sealed: 'sealed',
    createdAt: at,
    since: at,
    ...given,
  }
}

export function madeResource(given: Partial<Resource> = {}): Resource {
  return {
    id: newId('rsc'),
    version: 1,
    name: newId('warehouse'),
    audience: 'https://db.acme.test',
    secretHash: '0'.repeat(64),
    earlier: null,
    status: 'active',
    createdBy: actor,
    createdAt: at,
    ...given,
  }
}

export function madeStop(given: Partial<Stop> = {}): Stop {
  return {
    id: newId('stp'),
    version: 1,
    scope: { kind: 'everything' },
    reason: 'It spent twice \u0000',
    by: actor,
    at,
    resumed: null,
    ...given,
  }
}

export const resumed = { by: actor, at: later, reason: 'mended' } as const

export function madeWebhook(given: Partial<Webhook> = {}): Webhook {
  return {
    id: newId('whk'),
    version: 1,
    url: 'https://hooks.acme.test/in',
    events: ['approval.approved'],
    status: 'active',
    sealed: 'sealed',
    earlier: null,
    createdAt: at,
    ...given,
  }
}

export function madeDelivery(given: Partial<WebhookDelivery> = {}): WebhookDelivery {
  return {
    id: newId('msg'),
    version: 1,
    webhook: 'whk_1',
    request: 'req_1',
    event: 'approval.approved',
    entry: 'ent_1',
    state: 'waiting',
    attempts: 0,
    last: null,
    createdAt: at,
    endedAt: null,
    ...given,
  }
}

export function madeLease(given: Partial<Lease> = {}): Lease {
  return {
    id: newId('lse'),
    version: 1,
    request: 'req_1',
    issuer: 'postgresql',
    target: 'warehouse',
    state: 'issuing',
    about: { role: 'cs_0123456789abcdef' },
    sealed: null,
    createdAt: at,
    expiresAt: later,
    endedAt: null,
    ending: null,
    ...given,
  }
}
