import { expect, test } from 'vitest'
import type { About, LedgerRecords } from '../../src/approvals/evidence/records.ts'
import type { IndexRange } from '../../src/evidence/recorded.ts'
import { blobRef, entryText } from '../../src/ledger/entry.ts'
import { leafHash } from '../../src/ledger/hashes.ts'
import { withRecords } from '../../src/store/ledger/recordedEntries.ts'
import { madeLine } from './made.ts'
import { opened, silent } from './opened.ts'
import { indexes, sealed, tampered } from './sealingWorld.ts'

type Line = ReturnType<typeof madeLine>
type Open = Awaited<ReturnType<typeof opened>>

async function reading<T>({ databaseUrl }: Open, work: (records: LedgerRecords) => Promise<T>): Promise<T> {
  return withRecords({ databaseUrl, log: silent }, async (found) => {
    if (!found) throw new Error('there is a ledger')
    return work(found.records)
  })
}

async function indexesOf(pages: ReturnType<LedgerRecords['pages']>): Promise<readonly number[]> {
  const found: number[] = []
  for await (const page of pages) found.push(...page.map(({ index }) => index))
  return found
}

const pages = (open: Open, range: IndexRange, about?: About) =>
  reading(open, (records) => indexesOf(records.pages(range, about)))

async function written(lines: readonly Line[]): Promise<Open> {
  const open = await opened()
  for (const line of lines) await open.store.commit({ entries: [line] })
  await sealed(open)
  return open
}

const at = (minute: number) => `2026-11-24T14:${String(minute).padStart(2, '0')}:00.000Z`

/** Two requests of two agents, and what is about neither. */
function twoRequests(): readonly Line[] {
  const entry = (nth: number, request: string | null, agent: string, data = {}): Line =>
    madeLine({
      id: `ent_${nth}`,
      ts: at(nth),
      request,
      subject: { kind: 'request', id: request ?? 'none' },
      actor: { kind: 'agent', id: agent, via: 'api' },
      data,
    })
  return [
    entry(0, 'req_1', 'agt_1', { initiator: { person: 'per_old' } }),
    entry(1, 'req_2', 'agt_2'),
    entry(2, 'req_1', 'agt_x'),
    entry(3, null, 'agt_1'),
    madeLine({
      id: 'ent_4',
      ts: at(4),
      type: 'person.linked',
      actor: { kind: 'system', id: 'operator', via: 'cli' },
      subject: { kind: 'person', id: 'per_new' },
      data: { from: 'per_old', to: 'per_new' },
    }),
    entry(5, 'req_2', 'agt_2'),
  ]
}

test('entries are read by index, by request, by agent and by person, also as who the person was before', async () => {
  const open = await written(twoRequests())
  const all = { from: 0, to: 6 }

  expect(await pages(open, { from: 1, to: 4 })).toEqual([1, 2, 3])
  expect(await pages(open, all, { kind: 'request', id: 'req_2' })).toEqual([1, 5])
  expect(await pages(open, all, { kind: 'agent', id: 'agt_1' })).toEqual([0, 2, 3])
  expect(await pages(open, all, { kind: 'person', id: 'per_new' })).toEqual([0, 2, 4])
  expect(await pages(open, all, { kind: 'person', id: 'per' })).toEqual([])
})

test('what came before a range, of the requests in it, is read besides', async () => {
  const open = await written(twoRequests())
  const earlier = (range: IndexRange, about?: About) =>
    reading(open, (records) => indexesOf(records.earlier(range, about)))

  expect(await earlier({ from: 2, to: 6 })).toEqual([0, 1])
  expect(await earlier({ from: 3, to: 5 })).toEqual([])
  expect(await earlier({ from: 2, to: 6 }, { kind: 'agent', id: 'agt_2' })).toEqual([1])
})

test('a period is the range that has all of its entries', async () => {
  const open = await written(twoRequests())
  const range = (since: string, until: string) =>
    reading(open, (records) => records.rangeOf({ since, until }))

  expect(await range(at(1), at(4))).toEqual({ from: 1, to: 4 })
  expect(await range(at(0), at(59))).toEqual({ from: 0, to: 6 })
  expect(await range(at(10), at(20))).toEqual({ from: 6, to: 6 })
})

test('a leaf is the one of the tree, with its values and their salts; an erased one is null', async () => {
  const open = await written([madeLine({ id: 'ent_a' }, { reason: 'churn', params: '{}' })])
  await tampered(
    open.pool,
    "UPDATE entry_blobs SET salt = NULL, text = NULL WHERE entry_id = 'ent_a' AND name = 'params'",
  )
  const [leaf] = await indexes(open.pool)
  const [one] = await reading(open, async (records) => {
    for await (const page of records.pages({ from: 0, to: 1 })) return page
    return []
  })
  if (!one) throw new Error('there is one')

  expect(leafHash(Buffer.from(one.leaf))).toEqual(leaf?.hash)
  expect(entryText(one.entry)).toBe(leaf?.text)
  expect(one.blobs).toEqual({ reason: 'churn', params: null })
  const kept = { entry: 'ent_a', name: 'reason', salt: one.salts.reason ?? '', text: one.blobs.reason ?? '' }
  expect(blobRef(kept)).toEqual(one.entry.blobs.find(({ name }) => name === 'reason'))
})

test('a page never has more than 500 entries, and large values come in pieces', async () => {
  const open = await opened()
  const small = Array.from({ length: 620 }, () => madeLine())
  const large = Array.from({ length: 3 }, () => madeLine({}, { params: 'x'.repeat(5 * 1_024 * 1_024) }))
  await open.store.commit({ entries: [...small, ...large] })
  await sealed(open)

  const sizes = await reading(open, async (records) => {
    const found: number[] = []
    for await (const page of records.pages({ from: 0, to: 623 })) found.push(page.length)
    return found
  })

  expect(sizes).toEqual([500, 121, 1, 1])
})

test.each([
  ['an entry', "DELETE FROM entries WHERE id = 'ent_a'", /ent_a.*is gone/],
  ['a value', "DELETE FROM entry_blobs WHERE entry_id = 'ent_a'", /value reason.*is gone/],
  ['an index', 'DELETE FROM ledger_leaves WHERE index = 0', /index 0 is missing/],
])('%s that is gone is said, and nothing is made of the rest', async (_, statement, says) => {
  const open = await written([madeLine({ id: 'ent_a' }, { reason: 'churn' }), madeLine()])
  await tampered(open.pool, statement)

  await expect(pages(open, { from: 0, to: 2 })).rejects.toThrow(says)
})
