import type { Change, Erasure } from '../../src/approvals/change.ts'
import { jobKey } from '../../src/approvals/job.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type {
  Agent,
  AgentKey,
  AuditorKey,
  Card,
  LinkedAccount,
  OperatorKey,
  PersonalToken,
} from '../../src/approvals/records.ts'
import type { Confirmation } from '../../src/core/confirmation.ts'
import type { Note } from '../../src/core/note.ts'
import type { ActionRequest, Narrowed } from '../../src/core/request.ts'
import { type Blob, blobRef, type Entry, type NewEntry } from '../../src/ledger/entry.ts'
import { exportRequest } from '../support/exportRequest.ts'

let count = 0

/** An id that nobody else has, later ones sorting after earlier ones. */
export function newId(prefix: string): string {
  count += 1
  return `${prefix}_${String(count).padStart(12, '0')}`
}

export const at = '2026-11-24T14:00:00.123Z'

export function madeRequest(given: Partial<ActionRequest> = {}): ActionRequest {
  const action = {
    action: 'db.export',
    resource: { type: 'table', id: 'warehouse.users' },
    params: { table: 'users', rows: 250_000, columns: ['id', 'email'], note: 'nul \u0000, é, 𝕏, \\u0000' },
    environment: 'prod',
  }
  const { verdict, requirement, agent, ...base } = exportRequest({ action })
  return {
    ...base,
    id: newId('req'),
    agent: { ...agent, id: 'agt_1' },
    reason: 'Quarterly \u0000 churn',
    run: { model: 'claude-opus-5', session: 'run-8841' },
    verdict: { ...verdict, facts: { initiator: { id: 'per_alice' } } },
    requirement: requirement && { ...requirement, legs: requirement.legs.slice(0, 1) },
    idempotencyKey: newId('idem'),
    createdAt: at,
    expiresAt: '2026-11-24T14:30:00.123Z',
    ...given,
  }
}

/** The request after one approval. */
export function approved(request: ActionRequest, person = 'per_bob'): ActionRequest {
  const decision = {
    person,
    account: `slack:T0ACME:${person}`,
    kind: 'approve',
    reason: null,
    legs: ['data-owner'],
    typed: [],
    via: 'slack',
    seen: request.digest,
    at,
  } as const
  return {
    ...request,
    version: request.version + 1,
    state: 'approved',
    decisions: [...request.decisions, decision],
    outcome: 'Approved.',
    settledAt: at,
  }
}

export function madeLine(
  given: Partial<Entry> = {},
  values: Readonly<Record<string, string>> = {},
): NewEntry {
  const id = given.id ?? newId('ent')
  const blobs: Blob[] = Object.entries(values).map(([name, text]) => ({
    entry: id,
    name,
    salt: Buffer.alloc(16, 7).toString('base64'),
    text,
  }))
  const entry: Entry = {
    v: 1,
    id,
    ts: at,
    type: 'request.submitted',
    ws: 'wsp_1',
    actor: { kind: 'agent', id: 'agt_1', via: 'api' },
    subject: { kind: 'request', id: given.request ?? 'req_0' },
    request: 'req_0',
    action_digest: null,
    policy: null,
    data: { note: 'nul \u0000 and ü' },
    blobs: blobs.map(blobRef),
    ...given,
  }
  return { entry, blobs }
}

/** What submitting writes: the request, its entry, its jobs. */
export function submission(request = madeRequest(), given: Partial<Change> = {}): Change {
  return {
    request: { expected: null, next: request },
    judgedBy: null,
    entries: [madeLine({ request: request.id }, { params: JSON.stringify(request.action.params) })],
    jobs: [
      { task: 'announce', request: request.id },
      { task: 'expire', request: request.id, at: request.expiresAt ?? at },
    ],
    ...given,
  }
}

/** What an approval writes: the request moved on, its entry, its deadline dropped. */
export function approval(request: ActionRequest, given: Partial<Change> = {}): Change {
  return {
    request: { expected: request.version, next: approved(request) },
    entries: [madeLine({ request: request.id, type: 'request.approved' })],
    jobs: [{ task: 'refresh', request: request.id }],
    dropJobs: [jobKey({ task: 'expire', request: request.id, at })],
    ...given,
  }
}

/** What an erasure of all that is kept beside these entries writes. */
export async function erasureOf(
  store: Pick<Store, 'keptValues'>,
  entries: readonly string[],
  given: Partial<Erasure> = {},
): Promise<Change> {
  const values = await store.keptValues(entries)
  const id = given.requests?.[0]?.next.id
  const line = madeLine({
    type: 'record.erased',
    request: null,
    // Without a request: of the agent that made lines are about, as if it were a person.
    subject: id === undefined ? { kind: 'person', id: 'agt_1' } : { kind: 'request', id },
    data: { values: values.length },
    ...(given.entry !== undefined && { id: given.entry }),
  })
  return { entries: [line], erasure: { entry: line.entry.id, requests: [], values, ...given } }
}

/** A note of Bob's. */
export const madeNote: Note = {
  id: 'note_1',
  kind: 'changes',
  by: 'per_bob',
  account: 'slack:T0ACME:U0BOB',
  text: 'Leave the addresses out.',
  at,
}

export const madeNarrowed: Narrowed = {
  person: 'per_bob',
  account: 'slack:T0ACME:U0BOB',
  to: 'req_less',
  reason: 'Fewer rows will do.',
}

export function madeCard(request: string, given: Partial<Card> = {}): Card {
  const base = {
    version: 1,
    conversation: 'slack:C0DATA',
    status: 'posting',
    message: null,
    shown: null,
    told: 0,
  } as const
  return { id: newId('crd'), request, ...base, ...given }
}

export function madeAgent(given: Partial<Agent> = {}): Agent {
  return {
    id: newId('agt'),
    version: 1,
    name: newId('agent'),
    owner: 'per_lee',
    status: 'active',
    limits: null,
    tags: [],
    createdAt: at,
    ...given,
  }
}

export function madeKey(agent: string, given: Partial<AgentKey> = {}): AgentKey {
  const base = {
    version: 1,
    secretHash: 'ab'.repeat(32),
    createdBy: 'per_lee',
    status: 'active',
    createdAt: at,
    expiresAt: null,
  } as const
  return { id: newId('key'), agent, ...base, ...given }
}

export function madeAccount(person: string, given: Partial<LinkedAccount> = {}): LinkedAccount {
  const base = { version: 1, name: 'Lee \u0000 é', claimedFrom: null, joined: [], parted: [] } as const
  return { id: newId('slack:T0ACME:U'), person, ...base, ...given }
}

export function madeConfirmation(agent: string, given: Partial<Confirmation> = {}): Confirmation {
  const base = {
    version: 1,
    what: { kind: 'key', agent, name: 'billing-agent', key: 'key_1', first: true },
    asked: [
      {
        person: 'per_lee',
        account: 'slack:T0ACME:U0LEE',
        name: 'Lee \u0000 é',
        as: 'owner_and_creator',
        answer: null,
        message: null,
      },
    ],
    shell: { user: 'root', host: 'prod-1 \u0000' },
    via: 'cli',
    state: 'waiting',
    createdAt: at,
    until: '2026-11-25T14:00:00.123Z',
  } as const
  return { id: newId('cnf'), ...base, ...given }
}

export function madeOperatorKey(given: Partial<OperatorKey> = {}): OperatorKey {
  const base = {
    version: 1,
    person: 'per_lee',
    account: 'slack:T0ACME:U0LEE',
    secretHash: 'ab'.repeat(32),
    status: 'unconfirmed',
    createdAt: at,
    endsAt: '2027-01-01T00:00:00.000Z',
    usedAt: null,
  } as const
  return { id: newId('opk'), ...base, ...given }
}

export function madePersonalToken(given: Partial<PersonalToken> = {}): PersonalToken {
  const { id: _, ...base } = madeOperatorKey()
  return { ...base, id: newId('ptk'), status: 'active', ...given }
}

export function madeAuditorKey(given: Partial<AuditorKey> = {}): AuditorKey {
  const { id: _, ...base } = madeOperatorKey()
  return { ...base, id: newId('adk'), follows: null, ...given }
}
