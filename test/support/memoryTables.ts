import type { Delegation } from '../../src/approvals/delegations/records.ts'
import type { Resource, SigningKey } from '../../src/approvals/grants/records.ts'
import type { Job } from '../../src/approvals/job.ts'
import type { Lease } from '../../src/approvals/leases/records.ts'
import type { Replica } from '../../src/approvals/policy/replicas.ts'
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
  PolicyVersion,
  SeenAccount,
  Versioned,
} from '../../src/approvals/records.ts'
import type { Shadow, ShadowBatch } from '../../src/approvals/shadow/records.ts'
import type { Stop } from '../../src/approvals/stops/records.ts'
import type { Webhook, WebhookDelivery } from '../../src/approvals/webhooks/records.ts'
import type { Confirmation } from '../../src/core/confirmation.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { Blob, Entry } from '../../src/ledger/entry.ts'

interface Begun {
  readonly request: string
  readonly kind: 'redemption' | 'report'
  readonly resource: string
  readonly changes: boolean
  readonly rollsBack: string | undefined
}

/** What the store in memory holds. */
export class Tables {
  readonly requests = new Map<string, ActionRequest>()
  /** By request: what it was asked with, where it may share a card. */
  readonly asks = new Map<string, string>()
  readonly mentions: Mention[] = []
  readonly cards = new Map<string, Card>()
  readonly agents = new Map<string, Agent>()
  readonly keys = new Map<string, AgentKey>()
  readonly accounts = new Map<string, LinkedAccount>()
  readonly coolDowns = new Map<string, CoolDown>()
  readonly confirmations = new Map<string, Confirmation>()
  readonly operatorKeys = new Map<string, OperatorKey>()
  readonly auditorKeys = new Map<string, AuditorKey>()
  readonly personalTokens = new Map<string, PersonalToken>()
  readonly signingKeys = new Map<string, SigningKey>()
  readonly resources = new Map<string, Resource>()
  readonly stops = new Map<string, Stop>()
  readonly shadows = new Map<string, Shadow>()
  readonly shadowBatches: ShadowBatch[] = []
  readonly webhooks = new Map<string, Webhook>()
  readonly webhookDeliveries = new Map<string, WebhookDelivery>()
  readonly leases = new Map<string, Lease>()
  readonly seenAccounts = new Map<string, SeenAccount>()
  readonly onCallLinks = new Map<string, OnCallLink>()
  readonly delegations = new Map<string, Delegation>()
  readonly policies = new Map<string, PolicyVersion>()
  readonly activations: { readonly id: string; readonly filesDigest: string }[] = []
  /** In the order of commits. */
  readonly begun: Begun[] = []
  readonly budgetEntries: {
    readonly key: string
    readonly request: string
    readonly at: string
    readonly amount: number
  }[] = []
  readonly budgetHeads = new Map<string, { readonly added: number; readonly amount: number }>()
  readonly ledger: Entry[] = []
  readonly blobs: Blob[] = []
  readonly jobs = new Map<string, Job>()
  readonly deliveries = new Set<string>()
  readonly proofs = new Set<string>()
  readonly replicas = new Map<string, Replica>()
}

/** Tables whose records are put one by one, named as in a `Change`. */
export const tableNames = [
  'cards',
  'agents',
  'keys',
  'accounts',
  'confirmations',
  'operatorKeys',
  'auditorKeys',
  'personalTokens',
  'signingKeys',
  'resources',
  'stops',
  'shadows',
  'webhooks',
  'webhookDeliveries',
  'leases',
  'onCallLinks',
  'delegations',
] as const

/** In the order of their ids. */
export function byId<T extends Versioned>(table: ReadonlyMap<string, T>): T[] {
  return [...table.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

export function activeIn(tables: Tables): PolicyVersion | null {
  return tables.policies.get(tables.activations.at(-1)?.filesDigest ?? '') ?? null
}
