import { type Change, type LinkRead, type Put, settledAtOnce } from '../approvals/change.ts'
import { type Job, jobKey } from '../approvals/job.ts'
import { changesRegistry, registryTopic } from '../approvals/people/registry.ts'
import type { Versioned } from '../approvals/records.ts'
import { webhooksTopic } from '../approvals/webhooks/known.ts'
import type { ActionRequest } from '../core/request.ts'
import { budgetTables } from './budgetRows.ts'
import { blobRows, entryRow } from './entryRows.ts'
import { functionsVersion } from './functions.ts'
import {
  leaseRow,
  resourceRow,
  shadowRow,
  signingKeyRow,
  stopRow,
  webhookDeliveryRow,
  webhookRow,
} from './grantRows.ts'
import { topicWith } from './notifications.ts'
import { begunRows, untouchedRow } from './rollbackRows.ts'
import {
  accountRow,
  agentRow,
  auditorKeyRow,
  callerRow,
  cardRow,
  confirmationRow,
  coolDownReadRow,
  coolDownRow,
  delegationRow,
  erasureRow,
  keyRow,
  mentionRow,
  onCallLinkRow,
  operatorKeyRow,
  personalTokenRow,
  policyRow,
  type Row,
  requestRow,
} from './rows.ts'

/**
 * The argument of `countersign_commit`, as JSON text: which set of functions it was made for, and one array of rows per table,
 * each row with `n`, the position of its change.
 */
export interface Batch {
  readonly changes: number
  readonly text: string
}

/** A change, ready to be sent: its rows by table, what it touches, and about how large it is. */
export interface Prepared {
  /** Each row as JSON text, without `n`: a row is turned into text once, however often its change is sent. */
  readonly rows: Readonly<Record<string, readonly string[]>>
  /** Names of records, unique names, the delivery: two changes that share one are never in the same batch. */
  readonly touches: readonly string[]
  readonly bytes: number
}

/**
 * Turns a change into rows. Everything that can be found wrong with it is found here, before it meets its neighbours.
 *
 * @throws Refusal `entry_unwritable` when an entry is too large for a leaf
 * @throws RangeError when a version does not follow the expected one, a blob is not the one its entry names, or a new
 *   request does not say by which policy it was judged
 */
export function prepare(change: Change): Prepared {
  refuseUnjudged(change)
  const rows: Record<string, readonly string[]> = {}
  let bytes = 0
  for (const [table, its] of Object.entries(tablesOf(change))) {
    if (its.length === 0) continue
    const texts = its.map((row) => JSON.stringify(row))
    rows[table] = texts
    for (const text of texts) bytes += text.length
  }
  return { rows, touches: touchedBy(change), bytes }
}

function tablesOf(change: Change): Readonly<Record<string, readonly Row[]>> {
  const { request, policy, entries } = change
  return {
    changes: [conditionsRow(change)],
    requests: requestRows(change),
    request_reads: (change.requestsRead ?? []).map(({ id, version }) => ({ id, version })),
    begun: request ? begunRows(request.next) : [],
    untouched: change.untouched ? [untouchedRow(change.untouched)] : [],
    cards: puts(change.cards, cardRow),
    agents: puts(change.agents, agentRow),
    keys: puts(change.keys, keyRow),
    accounts: puts(change.accounts, accountRow),
    confirmations: puts(change.confirmations, confirmationRow),
    operator_keys: puts(change.operatorKeys, operatorKeyRow),
    auditor_keys: puts(change.auditorKeys, auditorKeyRow),
    personal_tokens: puts(change.personalTokens, personalTokenRow),
    token_reads: change.tokenRead ? [{ id: change.tokenRead.id, version: change.tokenRead.version }] : [],
    signing_keys: puts(change.signingKeys, signingKeyRow),
    resources: puts(change.resources, resourceRow),
    stops: puts(change.stops, stopRow),
    shadows: puts(change.shadows, shadowRow),
    webhooks: puts(change.webhooks, webhookRow),
    webhook_deliveries: puts(change.webhookDeliveries, webhookDeliveryRow),
    leases: puts(change.leases, leaseRow),
    on_call_links: puts(change.onCallLinks, onCallLinkRow),
    delegations: puts(change.delegations, delegationRow),
    callers: callersOf(change).map(callerRow),
    links: linkRows(change.links ?? []),
    holdings: (change.holdings ?? []).map(({ person, rows }) => ({ person, rows })),
    ...budgetTables(putsOf(change), change.budgetReads),
    mentions: (change.mentions ?? []).map(mentionRow),
    ...coolingRows(change),
    erasures: change.erasure ? [erasureRow(change.erasure)] : [],
    policies: policy ? [policyRow(policy)] : [],
    entries: entries.map(entryRow),
    blobs: entries.flatMap(blobRows),
    jobs: [...(change.dropJobs ?? []).map(dropRow), ...(change.jobs ?? []).map(jobRow)].map((row, i) => ({
      i,
      ...row,
    })),
    topics: topicsOf(change).map((topic) => ({ topic })),
  }
}

/** Who asks, and through whom: of those only the agent is compared. */
function callersOf({ caller, agentsRead = [] }: Change): readonly NonNullable<Change['caller']>[] {
  return [...(caller ? [caller] : []), ...agentsRead.map((agent) => ({ agent }))]
}

function coolingRows({ coolDowns = [], coolDownReads = [] }: Change) {
  return { cool_downs: coolDowns.map(coolDownRow), cool_down_reads: coolDownReads.map(coolDownReadRow) }
}

/** What a change as a whole is conditional on. */
function conditionsRow({ delivery, proof, judgedBy, stopsRead, signedBy }: Change): Row {
  return {
    delivery: delivery ?? null,
    ...(proof !== undefined && { proof }),
    ...(judgedBy !== undefined && { judged: true, judged_by: judgedBy }),
    ...(stopsRead !== undefined && { stops_read: stopsRead }),
    ...(signedBy && { signed_with: signedBy.id, signed_version: signedBy.version }),
  }
}

/**
 * Verdicts are only written together with the policy that they come from. An activation says what it replaces, which is
 * more; both at once would leave open which of them a neighbour in the same batch has to go by.
 */
export function refuseUnjudged({ request, policy, judgedBy }: Change): void {
  if (request?.expected === null && judgedBy === undefined)
    throw new RangeError('a new request has to name the policy by which it was judged')
  if (judgedBy !== undefined && policy?.activation)
    throw new RangeError('what is judged cannot activate a policy in the same change')
}

/** Puts changes together, in order. Tables that no change touches are left out, except the list of changes. */
export function batchOf(changes: readonly Prepared[]): Batch {
  const tables = new Map<string, string[]>([['changes', []]])
  for (const [n, change] of changes.entries()) {
    for (const [table, rows] of Object.entries(change.rows)) {
      const its = tables.get(table) ?? []
      // The text of an object with something in it, which its number goes in front of.
      for (const row of rows) its.push(`{"n":${n},${row.slice(1)}`)
      tables.set(table, its)
    }
  }
  const parts = [...tables].map(([table, rows]) => `"${table}":[${rows.join()}]`)
  return { changes: changes.length, text: `{"functions":${functionsVersion},${parts.join()}}` }
}

function puts<T extends Versioned>(its: readonly Put<T>[] = [], row: (next: T) => Row): readonly Row[] {
  return its.map((one) => put(one, row))
}

function put<T extends Versioned>({ expected, next }: Put<T>, row: (next: T) => Row): Row {
  if (next.version !== (expected ?? 0) + 1)
    throw new RangeError('a version has to be one more than the expected one')
  return { expected, ...row(next) }
}

/** The request of a change, and the others of its set that are moved with it. */
export function putsOf({ request, members = [] }: Change): readonly Put<ActionRequest>[] {
  return request ? [request, ...members] : members
}

function requestRows(change: Change): readonly Row[] {
  const { request, atMostPending, ask } = change
  return putsOf(change).map((one) => ({
    ...put(one, requestRow),
    ...(atMostPending !== undefined && { at_most: atMostPending }),
    ...(ask !== undefined && one.expected === null && one === request && { ask }),
  }))
}

/** Each once: several parts of a judgement read the same. One that was read as two versions stays two, and so a conflict. */
function linkRows(links: readonly LinkRead[]): readonly Row[] {
  const rows = new Map(links.map(({ id, version }) => [`${version} ${id}`, { id, version }]))
  return [...rows.values()]
}

function jobRow(job: Job): Row {
  const { task, ...payload } = job
  const run_at = 'at' in job ? (job.at ?? null) : null
  const queue = 'queue' in job ? { queue: job.queue } : {}
  return { key: jobKey(job), task, payload: JSON.stringify(payload), run_at, ...queue }
}

function dropRow(key: string): Row {
  return { key, task: null }
}

/** Whoever watches one of these hears of the change: of a request with its version, so that only who knows an older one has to look. */
export function topicsOf(change: Change): readonly string[] {
  const {
    entries,
    policy,
    confirmations = [],
    stops = [],
    signingKeys = [],
    webhooks = [],
    shadows = [],
  } = change
  const told = new Map<string, number>()
  for (const { entry } of entries) if (entry.request !== null) told.set(entry.request, 0)
  for (const { next } of putsOf(change)) told.set(next.id, next.version)
  for (const { next } of change.erasure?.requests ?? []) told.set(next.id, next.version)
  const topics = new Set<string>()
  for (const { expected, next } of putsOf(change)) {
    if (expected !== null || next.state === 'pending') continue
    told.delete(next.id)
    topics.add(settledAtOnce)
  }
  for (const [id, version] of told) topics.add(topicWith(id, version))
  for (const { next } of confirmations) topics.add(next.id)
  if (policy?.activation) topics.add('policy')
  if (stops.length > 0) topics.add('stops')
  if (shadows.length > 0) topics.add('shadow')
  if (signingKeys.length > 0) topics.add('signing-keys')
  if (change.delegations?.length) topics.add('delegations')
  if (webhooks.length > 0) topics.add(webhooksTopic)
  if (changesRegistry(change)) topics.add(registryTopic)
  return [...topics]
}

function touchedBy(change: Change): readonly string[] {
  const { agents = [], resources = [], policy, entries, delivery, proof } = change
  const named = (kind: string, its: readonly Put<Versioned>[] = []) =>
    its.map(({ next }) => `${kind} ${next.id}`)
  const names = [
    ...named('card', change.cards),
    ...named('agent', agents),
    ...agents.map(({ next }) => `agent name ${next.name}`),
    ...named('key', change.keys),
    ...named('account', change.accounts),
    ...named('confirmation', change.confirmations),
    ...named('operator key', change.operatorKeys),
    ...named('auditor key', change.auditorKeys),
    ...named('personal token', change.personalTokens),
    ...named('resource', resources),
    ...resources.map(({ next }) => `resource name ${next.name}`),
    ...named('stop', change.stops),
    ...named('shadow', change.shadows),
    ...named('webhook', change.webhooks),
    ...named('webhook delivery', change.webhookDeliveries),
    ...named('lease', change.leases),
    ...named('on-call link', change.onCallLinks),
    ...named('delegation', change.delegations),
    ...entries.map(({ entry }) => `entry ${entry.id}`),
  ]
  for (const { next } of putsOf(change))
    names.push(`request ${next.id}`, `retry ${next.agent.id} ${next.idempotencyKey}`)
  for (const { next } of change.erasure?.requests ?? []) names.push(`request ${next.id}`)
  // Which card it stands on is looked up among those that are there.
  if (change.ask !== undefined) names.push(`ask ${change.request?.next.agent.id} ${change.ask}`)
  if (policy) names.push('policy')
  if (change.shadows) names.push('shadows') // one of them runs
  if (change.signingKeys) names.push('signing keys') // one of them signs, so they change together
  for (const { agent, digest } of change.coolDowns ?? []) names.push(`cool-down ${agent} ${digest}`)
  for (const { account } of change.mentions ?? []) names.push(`mention ${account}`)
  if (delivery !== undefined) names.push(`delivery ${delivery}`)
  if (proof !== undefined) names.push(`proof ${proof}`)
  return names
}
