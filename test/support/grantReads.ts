import { type Delegation, isStanding } from '../../src/approvals/delegations/records.ts'
import type { Resource, SigningKey } from '../../src/approvals/grants/records.ts'
import type { Lease } from '../../src/approvals/leases/records.ts'
import type { StoreReader } from '../../src/approvals/ports.ts'
import type { Page } from '../../src/approvals/queries.ts'
import type { AuditorKey, OnCallLink, PersonalToken, Versioned } from '../../src/approvals/records.ts'
import type { Stop } from '../../src/approvals/stops/records.ts'
import type { Webhook, WebhookDelivery } from '../../src/approvals/webhooks/records.ts'

interface Tables {
  readonly signingKeys: ReadonlyMap<string, SigningKey>
  readonly resources: ReadonlyMap<string, Resource>
  readonly stops: ReadonlyMap<string, Stop>
  readonly auditorKeys: ReadonlyMap<string, AuditorKey>
  readonly personalTokens: ReadonlyMap<string, PersonalToken>
  readonly webhooks: ReadonlyMap<string, Webhook>
  readonly webhookDeliveries: ReadonlyMap<string, WebhookDelivery>
  readonly leases: ReadonlyMap<string, Lease>
  readonly onCallLinks: ReadonlyMap<string, OnCallLink>
  readonly delegations: ReadonlyMap<string, Delegation>
}

type Reads = Pick<
  StoreReader,
  | 'signingKeys'
  | 'resource'
  | 'resources'
  | 'stop'
  | 'standingStops'
  | 'stops'
  | 'auditorKeys'
  | 'personalToken'
  | 'personalTokensOf'
  | 'personalTokens'
  | 'webhook'
  | 'webhooks'
  | 'webhookDelivery'
  | 'webhookDeliveries'
  | 'lease'
  | 'leases'
  | 'onCallLink'
  | 'onCallLinks'
  | 'delegation'
  | 'standingDelegations'
>

/** What the store in memory reads of grants and of what follows them. */
export function grantReads(tables: Tables): Reads {
  return {
    signingKeys: async () => sorted(tables.signingKeys, ({ createdAt, id }) => `${createdAt} ${id}`),
    resource: async (idOrName) =>
      tables.resources.get(idOrName) ??
      [...tables.resources.values()].find(({ name }) => name === idOrName) ??
      null,
    resources: async () => sorted(tables.resources, ({ name }) => name),
    stop: async (id) => tables.stops.get(id) ?? null,
    standingStops: async () => ({
      stops: sorted(tables.stops, ({ id }) => id).filter(({ resumed }) => resumed === null),
      read: tables.stops.size,
    }),
    stops: async (page) => pageOf(tables.stops, page),
    auditorKeys: async (page) => pageOf(tables.auditorKeys, page),
    personalToken: async (id) => tables.personalTokens.get(id) ?? null,
    personalTokensOf: async (accounts, at) =>
      pageOf(
        tables.personalTokens,
        { limit: 100 },
        ({ account, status, endsAt }) =>
          accounts.includes(account) && status === 'active' && endsAt > at.toISOString(),
      ),
    personalTokens: async (page) => pageOf(tables.personalTokens, page),
    webhook: async (id) => tables.webhooks.get(id) ?? null,
    webhooks: async () => sorted(tables.webhooks, ({ id }) => id).filter(({ status }) => status === 'active'),
    webhookDelivery: async (id) => tables.webhookDeliveries.get(id) ?? null,
    webhookDeliveries: async ({ state, request, ...page }) =>
      pageOf(
        tables.webhookDeliveries,
        page,
        (one) =>
          (state === undefined || one.state === state) && (request === undefined || one.request === request),
      ),
    onCallLink: async (id) => tables.onCallLinks.get(id) ?? null,
    onCallLinks: async () => sorted(tables.onCallLinks, ({ id }) => id),
    delegation: async (account) => tables.delegations.get(account) ?? null,
    standingDelegations: async (at) =>
      sorted(tables.delegations, ({ id }) => id).filter((one) => isStanding(one, at)),
    lease: async (id) => tables.leases.get(id) ?? null,
    leases: async ({ states, request, ...page }) =>
      pageOf(
        tables.leases,
        page,
        (one) =>
          (!states || states.includes(one.state)) && (request === undefined || one.request === request),
      ),
  }
}

function sorted<T>(table: ReadonlyMap<string, T>, by: (one: T) => string): readonly T[] {
  return [...table.values()].sort((a, b) => (by(a) < by(b) ? -1 : 1))
}

function pageOf<T extends Versioned>(
  table: ReadonlyMap<string, T>,
  { limit, before }: Page,
  wanted: (one: T) => boolean = () => true,
): readonly T[] {
  return sorted(table, ({ id }) => id)
    .filter((one) => wanted(one) && (before === undefined || one.id < before))
    .reverse()
    .slice(0, limit)
}
