import type { Change, Put } from '../../src/approvals/change.ts'
import { type Job, jobKey } from '../../src/approvals/job.ts'
import { formerPerson } from '../../src/approvals/people/currentPeople.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { Versioned } from '../../src/approvals/records.ts'
import type { ShadowStore } from '../../src/approvals/shadow/shadowStore.ts'
import type { WorkingMemory } from '../../src/approvals/workingMemory.ts'
import { subjectOf } from '../../src/core/confirmation.ts'
import { type Blob, type Entry, entryText } from '../../src/ledger/entry.ts'
import { putsOf, refuseUnjudged, topicsOf } from '../../src/store/batch.ts'
import { grantReads } from './grantReads.ts'
import { listedRequests } from './listedRequests.ts'
import { alikeIn, alikeReads, onItsCard } from './memoryAlike.ts'
import { budgetReads, forgetBudgets, isCounted, noteCounted } from './memoryBudgets.ts'
import {
  byKey,
  coolDownKey,
  isFull,
  isReadAnew,
  isRepeated,
  misfits,
  refuseImpossible,
} from './memoryConditions.ts'
import { memoryCrowds, memoryHomes } from './memoryCrowds.ts'
import { forgetCalled, isCalledTooOften, mentionReads, noteCalled } from './memoryMentions.ts'
import { placeReads } from './memoryPlaces.ts'
import { isOf, isRolledBack, noteBegun, rollbackReads } from './memoryRollbacks.ts'
import { seenInMemory } from './memorySeen.ts'
import { isSecondShadow, shadowReads } from './memoryShadows.ts'
import { activeIn, byId, Tables, tableNames } from './memoryTables.ts'
import { memoryWatchers } from './memoryWatchers.ts'
import { askedInMemory, readsInMemory } from './readsInMemory.ts'

/** A `Store` in memory, with the same contract suite as the real one, and open to a test's eyes. */
export interface MemoryStore extends Store {
  /** Jobs that wait, by key. */
  readonly jobs: ReadonlyMap<string, Job>
  /** The whole ledger, in order. */
  readonly ledger: readonly Entry[]
  readonly blobs: readonly Blob[]
}

export function memoryStore(): MemoryStore {
  const tables = new Tables()
  const { watch, watchEvery, tell, tellAll } = memoryWatchers()
  return {
    jobs: tables.jobs,
    ledger: tables.ledger,
    blobs: tables.blobs,
    async commit(change) {
      const texts = change.entries.map(({ entry }) => entryText(entry))
      refuseUnjudged(change)
      refuseImpossible(tables, change)
      if (change.delivery !== undefined && tables.deliveries.has(change.delivery)) return 'duplicate'
      if (change.proof !== undefined && tables.proofs.has(change.proof)) return 'shown'
      if (misfits(tables, change) || isSecondShadow(tables, change)) return 'conflict'
      if (isRepeated(tables, change)) return 'repeated'
      if (isRolledBack(tables, change)) return 'conflict'
      if (isReadAnew(tables, change)) return 'conflict'
      if (change.judgedBy !== undefined && change.judgedBy !== (activeIn(tables)?.digest ?? null))
        return 'outdated'
      if (isFull(tables, change)) return 'full'
      if (isCounted(tables, change)) return 'counted'
      if (isCalledTooOften(tables, change)) return 'conflict'
      write(tables, change, texts)
      tell(topicsOf(change))
      return 'applied'
    },
    ...reads(tables),
    ...shadowReads(tables),
    ...seenInMemory(tables),
    ...memoryCrowds(tables),
    ...memoryHomes(),
    watch,
    watchEvery,
    async beat(replica) {
      tables.replicas.set(replica.id, replica)
      tell([`beat ${replica.id}`])
    },
    hearBeats: (replica, heard) => watch(`beat ${replica}`, heard),
    hearAnew: tellAll,
    replicas: async () => [...tables.replicas.values()].map((one) => ({ ...one, silentSeconds: 0 })),
    async leave(replica) {
      tables.replicas.delete(replica)
    },
    async forgetDeliveries({ state, endedBefore, limit }) {
      const over = [...tables.webhookDeliveries.values()]
        .filter((one) => one.state === state && one.endedAt !== null && one.endedAt < endedBefore)
        .sort((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? -1 : 1))
        .slice(0, limit)
      for (const { id } of over) tables.webhookDeliveries.delete(id)
      return over.length
    },
    async forgetPassing({ what, before, limit }) {
      if (what === 'mentions') return forgetCalled(tables, before)
      if (what === 'budgetEntries') return forgetBudgets(tables, { before, limit })
      const table = what === 'shadows' ? tables.shadows : tables.coolDowns
      const old = [
        ...(what === 'coolDowns' ? [...tables.coolDowns].filter(([, { at }]) => at < before) : []),
        ...(what === 'shadows'
          ? [...tables.shadows].filter(([, { ended }]) => ended && ended.at < before)
          : []),
      ].slice(0, limit)
      for (const [key] of old) table.delete(key)
      return old.length
    },
  }
}

function write(tables: Tables, change: Change, texts: readonly string[]): void {
  const { policy, entries, jobs = [], dropJobs = [] } = change
  noteCounted(tables, change)
  noteCalled(tables, change)
  for (const one of putsOf(change)) {
    const { next } = one
    tables.requests.set(next.id, structuredClone(onItsCard(tables, change, one)))
    noteBegun(tables, next)
  }
  for (const { next } of change.erasure?.requests ?? []) tables.requests.set(next.id, structuredClone(next))
  for (const { entry, name } of change.erasure?.values ?? []) {
    const at = tables.blobs.findIndex((one) => one.entry === entry && one.name === name)
    if (at < 0) throw new Error('a value was to be erased that is gone')
    tables.blobs.splice(at, 1)
  }
  for (const name of tableNames) putAll(tables[name] as Map<string, Versioned>, change[name])
  for (const one of change.coolDowns ?? []) tables.coolDowns.set(coolDownKey(one), one)
  if (policy) {
    const { filesDigest } = policy.version
    if (!tables.policies.has(filesDigest)) tables.policies.set(filesDigest, policy.version)
    if (policy.activation !== null) tables.activations.push({ id: policy.activation, filesDigest })
  }
  for (const text of texts) tables.ledger.push(JSON.parse(text) as Entry) // its own text
  tables.blobs.push(...entries.flatMap((line) => line.blobs))
  for (const key of dropJobs) tables.jobs.delete(key)
  for (const job of jobs) tables.jobs.set(jobKey(job), job)
  if (change.delivery !== undefined) tables.deliveries.add(change.delivery)
  if (change.proof !== undefined) tables.proofs.add(change.proof)
}

/** What a change puts under a name of a table is what that table has. */
function putAll(table: Map<string, Versioned>, puts: readonly Put<Versioned>[] = []): void {
  for (const { next } of puts) table.set(next.id, structuredClone(next))
}

type Reads = Omit<
  Store,
  | 'commit'
  | 'watch'
  | 'watchEvery'
  | 'beat'
  | 'hearBeats'
  | 'hearAnew'
  | 'replicas'
  | 'leave'
  | keyof ShadowStore
  | keyof WorkingMemory
>

function reads(tables: Tables): Reads {
  return {
    request: async (id) => structuredClone(tables.requests.get(id) ?? null),
    requestByKey: async (agent, idempotencyKey) => structuredClone(byKey(tables, agent, idempotencyKey)),
    ...listedRequests(() => byId(tables.requests)),
    ...readsInMemory(() => byId(tables.requests)),
    ...askedInMemory(() => byId(tables.requests)),
    ...rollbackReads(tables),
    ...alikeReads(tables),
    ...mentionReads(tables),
    ...budgetReads(tables),
    entries: async (request) => tables.ledger.filter((entry) => entry.request === request),
    entriesAfter: async (request, { position: after, limit }) =>
      tables.ledger
        .map((entry, nth) => ({ position: nth + 1, entry }))
        .filter(({ position, entry }) => position > after && entry.request === request)
        .slice(0, limit),
    deviations: async () => {
      const counts = new Map<string, number>()
      for (const { type, subject } of tables.ledger)
        if (type === 'execution.deviated') counts.set(subject.id, (counts.get(subject.id) ?? 0) + 1)
      return counts
    },
    keptValues: async (entries) =>
      tables.blobs.filter(({ entry }) => entries.includes(entry)).map(({ entry, name }) => ({ entry, name })),
    agedRequests: async ({ after, before, span }) => {
      const page = byId(tables.requests)
        .filter(({ id }) => id > after)
        .slice(0, span)
      const isLeft = (id: string) =>
        tables.ledger.some(
          (entry) =>
            entry.request === id && entry.ts < before && tables.blobs.some((one) => one.entry === entry.id),
        )
      const ids = page
        .filter(({ id, createdAt, erased }) => createdAt < before && (!erased || isLeft(id)))
        .map(({ id }) => id)
      return { ids, next: page.length < span ? null : (page.at(-1)?.id ?? null) }
    },
    endedConfirmationsOf: async (people) =>
      byId(tables.confirmations)
        .filter(
          ({ state, asked, what }) =>
            state !== 'waiting' &&
            people.some((one) => JSON.stringify([asked, what]).includes(JSON.stringify(one))),
        )
        .map(({ id }) => id),
    entriesNaming: async (words, { position, span }) => ({
      entries: tables.ledger
        .slice(position, position + span)
        .filter((entry) => words.some((word) => JSON.stringify(entry).includes(JSON.stringify(word)))),
      next: position + span < tables.ledger.length ? position + span : null,
    }),
    ...placeReads(tables),
    attemptAlarms: async (requests) =>
      tables.ledger.filter(
        ({ type, request }) => type === 'attempts.alarmed' && request !== null && requests.includes(request),
      ),
    refusals: async (since) =>
      tables.ledger.filter((entry) => entry.type === 'decision.refused' && entry.ts >= since),
    toldRequest: async (id) => {
      const request = structuredClone(tables.requests.get(id))
      return request
        ? {
            request,
            agent: tables.agents.get(request.agent.id) ?? null,
            cards: byId(tables.cards).filter((card) => card.request === id),
            entries: tables.ledger.filter(
              (entry) => isOf(tables, entry, id) || entry.id === request.erased?.entry,
            ),
            isShared: alikeIn(tables, id).length > 0,
          }
        : null
    },
    cards: async (request) => byId(tables.cards).filter((card) => card.request === request),
    card: async (id) => tables.cards.get(id) ?? null,
    cardAt: async (conversation, message) =>
      byId(tables.cards).findLast((card) => card.conversation === conversation && card.message === message) ??
      null,
    agent: async (idOrName) =>
      tables.agents.get(idOrName) ??
      [...tables.agents.values()].find((agent) => agent.name === idOrName) ??
      null,
    agentsOf: async (owners) =>
      [...tables.agents.values()]
        .filter(({ owner }) => owners.includes(owner))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    agents: async () => [...tables.agents.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    key: async (id) => {
      const key = tables.keys.get(id)
      const agent = key && tables.agents.get(key.agent)
      return agent ? { key, agent } : null
    },
    keysOf: async (agent) => byId(tables.keys).filter((key) => key.agent === agent),
    account: async (key) => tables.accounts.get(key) ?? null,
    accounts: async (keys) => byId(tables.accounts).filter((account) => keys.includes(account.id)),
    accountsOf: async (...people) =>
      byId(tables.accounts).filter((account) => people.includes(account.person)),
    accountsAround: async (people, accounts) => {
      const links = byId(tables.accounts)
      const of = (ids: readonly string[]) =>
        links.filter(({ id }) => ids.includes(id)).map(({ person }) => person)
      const named = [...people, ...of(accounts)]
      const all = [...named, ...of(named.map(formerPerson))]
      const former = all.map(formerPerson)
      return links.filter(({ id, person }) => all.includes(person) || former.includes(id))
    },
    coolDown: async (agent, digest) => tables.coolDowns.get(coolDownKey({ agent, digest })) ?? null,
    confirmation: async (id) => structuredClone(tables.confirmations.get(id) ?? null),
    confirmationsAbout: async (subject) =>
      byId(tables.confirmations)
        .filter(({ what }) => subjectOf(what) === subject)
        .reverse(),
    operatorKey: async (id) => tables.operatorKeys.get(id) ?? null,
    operatorKeys: async () => byId(tables.operatorKeys),
    auditorKey: async (id) => tables.auditorKeys.get(id) ?? null,
    ...grantReads(tables),
    waitingNews: async (person) =>
      [...tables.jobs.values()].flatMap((job) => (job.task === 'news' && job.person === person ? [job] : [])),
    activePolicy: async () => activeIn(tables),
    activeFiles: async () => activeIn(tables)?.filesDigest ?? null,
    wasActive: async ({ digest, filesDigest }) => {
      const active = tables.activations.map((one) => one.filesDigest)
      if (active.includes(filesDigest)) return 'files'
      return active.some((files) => tables.policies.get(files)?.digest === digest) ? 'bundle' : 'never'
    },
    policyVersion: async (digest) =>
      [...tables.policies.values()]
        .sort((a, b) => (a.filesDigest < b.filesDigest ? -1 : 1))
        .find((version) => version.digest === digest) ?? null,
    policyFiles: async (filesDigest) => tables.policies.get(filesDigest) ?? null,
    policyEntries: async (limit) =>
      tables.ledger
        .filter((entry) => entry.subject.kind === 'policy')
        .reverse()
        .slice(0, limit),
  }
}
