import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import type { Store } from '../../src/approvals/ports.ts'
import type { NewEntry } from '../../src/ledger/entry.ts'
import { count, type Tally } from '../soak/tally.ts'
import type { Sealing } from '../world/sealing.ts'

/** Milliseconds between two deliveries. */
const tick = 20

/** Entries of one commit, as an action that policy allows has them. */
const entriesEach = 2

/** How long a sealer has at the end, in milliseconds. */
const patience = 60_000

export interface Arriving {
  readonly store: Pick<Store, 'commit'>
  readonly sealing: Sealing
  readonly databaseUrl: string
  /** Entries. */
  readonly perSecond: number
  readonly ms: number
  readonly surprises: Tally
  readonly stopping: AbortSignal
}

export interface Arrived {
  /** Milliseconds of each entry, from its commit's answer until it was seen sealed. */
  readonly took: readonly number[]
  /** Entries that were really recorded a second. */
  readonly perSecond: number
}

/** Records entries at a pace, in commits as the product makes them, and sees when each is sealed. */
export async function arriving(options: Arriving): Promise<Arrived> {
  const { store, sealing, perSecond, ms, surprises, stopping, databaseUrl } = options
  const recordedAt = new Map<string, number>()
  const watch = watchSize(sealing)
  const underWay = new Set<Promise<void>>()
  const began = performance.now()
  let sent = 0
  const commit = async () => {
    const entries = Array.from({ length: entriesEach }, () => lineOf(sent++))
    await store.commit({ entries })
    const now = performance.now()
    for (const { entry } of entries) recordedAt.set(entry.id, now)
  }
  while (performance.now() - began < ms && !stopping.aborted) {
    while (sent < ((performance.now() - began) / 1_000) * perSecond) {
      const one = commit()
        .catch((error: unknown) => count(surprises, String(error)))
        .finally(() => underWay.delete(one))
      underWay.add(one)
    }
    await delay(tick)
  }
  await Promise.all(underWay)
  const wall = performance.now() - began
  await sealing.drained(patience)
  const sealedAt = await watch.end()
  const indexes = await indexesOf(databaseUrl, [...recordedAt.keys()])
  const took = [...recordedAt].map(([id, at]) => sealedAt(indexes.get(id)) - at)
  return { took, perSecond: (recordedAt.size / wall) * 1_000 }
}

/** An entry that says nothing. The time in its id makes it another in each run. */
function lineOf(nth: number): NewEntry {
  const request = `req_arrived_${process.pid}_${Math.floor(nth / entriesEach)}`
  return {
    entry: {
      v: 2,
      id: `ent_arrived_${process.pid}_${nth}`,
      ts: new Date().toISOString(),
      type: nth % entriesEach === 0 ? 'request.submitted' : 'request.approved',
      ws: 'bench',
      actor: { kind: 'agent', id: 'agt_bench', via: 'api' },
      subject: { kind: 'request', id: request },
      request,
      action_digest_salted: null,
      policy: null,
      data: { action: 'repo.read', environment: 'prod', note: 'x'.repeat(400) },
      blobs: [],
    },
    blobs: [],
  }
}

/** Looks at the head again and again; the answer says when an index was first seen below it. */
function watchSize(sealing: Sealing) {
  const seen: { readonly size: number; readonly at: number }[] = []
  const look = async () => {
    const size = await sealing.size()
    if (size !== seen.at(-1)?.size) seen.push({ size, at: performance.now() })
  }
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      await look()
      await delay(10)
    }
  })()
  return {
    async end() {
      isOver = true
      await looking
      await look()
      return (index: number | undefined) =>
        seen.find(({ size }) => index !== undefined && size > index)?.at ?? Number.NaN
    },
  }
}

async function indexesOf(databaseUrl: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string; index: string }>(
      'SELECT entry_id AS id, index FROM ledger_leaves WHERE entry_id = ANY ($1)',
      [ids],
    )
    return new Map(rows.map(({ id, index }) => [id, Number(index)]))
  } finally {
    await client.end()
  }
}
