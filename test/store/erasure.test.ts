import type { Pool } from 'pg'
import { describe, expect, test } from 'vitest'
import { askErasure } from '../../src/approvals/erasure/askErasure.ts'
import { eraseApproved } from '../../src/approvals/erasure/eraseApproved.ts'
import type { Erasable } from '../../src/approvals/erasure/records.ts'
import { applyRetention } from '../../src/approvals/erasure/retention.ts'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { digestOf } from '../../src/core/digest.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { saltedDigest } from '../../src/ledger/entry.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import { askToErase, erasingPolicy } from '../support/erasingWorld.ts'
import { ask, click, submission, testWorld } from '../support/world.ts'
import { openedToServe, silent } from './opened.ts'
import { beginning, sealed } from './sealingWorld.ts'

type Open = Awaited<ReturnType<typeof openedToServe>>

/** A server with two roles, and a request with secrets in it that Grace has denied, with words of her own. */
async function denied() {
  const open = await openedToServe()
  const world = await testWorld({ store: open.store, policy: erasingPolicy() })
  const { params: _, ...rest } = submission('iam.change').action
  const { id } = await ask(world, 'iam.change', {
    action: { ...rest, params: { role: 'param-of-alice' } },
    reason: 'prose-of-agent',
    run: {
      session: 'run-of-agent',
      through: [{ kind: 'agent', name: 'hop-of-agent', agent: 'agt_hop' }],
    },
  })
  await click(world, id, 'U0GRACE', { kind: 'deny', reason: 'words-of-grace', seen: 'seen param-of-alice' })
  await sealed(open)
  return { open, world, id }
}

const traces = ['param-of-alice', 'prose-of-agent', 'run-of-agent', 'hop-of-agent', 'words-of-grace']

/** Which of these stand anywhere in the database, in whatever table and column. */
async function found(open: Pick<Open, 'migrateUrl' | 'pool'>, words: readonly string[]) {
  const { rows: tables } = await open.pool.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)`,
  )
  const hits = new Set<string>()
  for (const { name } of tables) {
    const { rows } = await rowsOf(open.pool, name)
    for (const { text } of rows)
      for (const word of words) if (text.includes(word)) hits.add(`${name}: ${word}`)
  }
  return [...hits].sort()
}

/** Values beside entries are bytes: as text they are read. */
function rowsOf(pool: Pool, table: string) {
  return pool.query<{ text: string }>(
    table === 'entry_blobs'
      ? `SELECT coalesce(convert_from(text, 'UTF8'), '') AS text FROM entry_blobs`
      : `SELECT row_to_json(t)::text AS text FROM ${table} t`,
  )
}

function verify({ databaseUrl }: Open, kept: Parameters<typeof verifyLedger>[1]['kept'] = []) {
  return withKeptLedger({ databaseUrl, log: silent }, async (ledger) => {
    if (!ledger) throw new Error('there is one')
    return verifyLedger(ledger, { kept, key: null, progress: () => undefined })
  })
}

async function checkpointOf(open: Open) {
  const { head } = await beginning(open)
  const checkpoint = readCheckpoint(head.checkpoint)
  if (!checkpoint) throw new Error('the head has one')
  return [{ from: 'before', checkpoint }]
}

/** What the ledger has of what was shown to whoever decided. */
function seenOf({ databaseUrl }: Open, request: string) {
  return withKeptLedger({ databaseUrl, log: silent }, async (ledger) => {
    const entries = (await ledger?.about(request)) ?? []
    return [...((await ledger?.seen(entries.map(({ entry }) => entry))) ?? []).values()]
  })
}

const request = (id: string): Erasable => ({ what: 'request', id })

describe('erasure: what one request asked', () => {
  test('goes from every table, and the ledger verifies against a checkpoint from before', async () => {
    const { open, world, id } = await denied()
    const before = await checkpointOf(open)
    const digest = (await open.store.request(id))?.digest ?? ''
    expect(new Set((await found(open, traces)).map((hit) => hit.split(': ')[1]))).toEqual(new Set(traces))

    expect(await seenOf(open, id)).toEqual(['seen param-of-alice'])

    const asked = await askToErase(world, request(id))
    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)
    await sealed(open)

    expect(await seenOf(open, id)).toEqual([null])
    expect(await found(open, [...traces, digest])).toEqual([])
    expect(await verify(open, before)).toMatchObject({ wrong: null })
    expect((await open.store.entries(asked.id)).at(-1)).toMatchObject({
      type: 'record.erased',
      actor: { kind: 'person', via: 'slack' },
      subject: { kind: 'request', id },
      data: { what: 'request', requests: 1, asked_by: asked.initiator.person },
    })
    expect(await open.store.request(id)).toMatchObject({
      state: 'denied',
      action: { action: 'iam.change', resource: { id: 'warehouse.users' }, params: {} },
      reason: null,
      outcome: 'Erased.',
      decisions: [{ kind: 'deny', reason: null }],
      erased: { digest: 'salted' },
    })
  })

  test('its digest joins its entries, and tells nothing of what it was once its salt is gone', async () => {
    const { open, world, id } = await denied()
    const { salt = '', digest } = (await open.store.request(id)) ?? { digest: 'sha256:' as const }
    const salted = saltedDigest(salt, digest)
    const texts = () =>
      open.pool.query<{ text: string }>('SELECT text FROM entries WHERE request_id = $1', [id])

    for (const { text } of (await texts()).rows) {
      expect(JSON.parse(text)).toMatchObject({ v: 2, action_digest_salted: salted })
      // Nor that of what was shown, which is made of the same.
      for (const plain of [digest, digestOf('countersign/seen/v2', { text: 'seen param-of-alice' })])
        expect(text).not.toContain(plain)
    }
    const { rows } = await open.pool.query<{ salt: string; text: string }>(
      `SELECT encode(salt, 'base64') AS salt, convert_from(text, 'UTF8') AS text FROM entry_blobs WHERE name = 'params'`,
    )
    expect(rows).toEqual([{ salt, text: '{"role":"param-of-alice"}' }])

    const asked = await askToErase(world, request(id))
    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)
    expect((await open.store.request(id))?.digest).toBe(`sha256:${salted}`)
    expect(await found(open, [salt])).toEqual([])
  })

  test('again changes nothing, and there is nothing left to ask for', async () => {
    const { open, world, id } = await denied()
    const asked = await askToErase(world, request(id))
    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)
    const entries = await open.store.entries(asked.id)

    await eraseApproved(world.ports, asked.id)

    expect(await open.store.entries(asked.id)).toEqual(entries)
    await expect(askToErase(world, request(id))).rejects.toMatchObject({ code: 'not_applicable' })
  })

  test('cannot be done by the role that serves in any other way, nor by its owner without an entry', async () => {
    const { open, id } = await denied()
    const empty = 'UPDATE entry_blobs SET salt = NULL, text = NULL'

    await expect(open.pool.query(empty)).rejects.toThrow(/permission denied/)
    await expect(
      open.pool.query(`SELECT countersign_erase('ent_none', '[]', $1)`, [await blobs(open)]),
    ).rejects.toThrow(/erased by countersign_erase/)
    const entry = (await open.store.entries(id))[0]?.id
    await expect(
      open.pool.query(`SELECT countersign_erase($1, '[]', $2)`, [entry, await blobs(open)]),
    ).rejects.toThrow(/erased by countersign_erase/)
    await expect(
      open.pool.query(`UPDATE action_requests SET version = version + 1, action = '{}' WHERE id = $1`, [id]),
    ).rejects.toThrow(/never changes/)
    expect(await found(open, ['words-of-grace'])).not.toEqual([])
  })

  async function blobs({ pool }: Open): Promise<string> {
    const { rows } = await pool.query('SELECT entry_id AS entry, name AS blob FROM entry_blobs')
    return JSON.stringify(rows)
  }

  test('two servers at once erase it once', async () => {
    const { open, world, id } = await denied()
    const asked = await askToErase(world, request(id))
    await click(world, asked.id, 'U0PRIYA')

    await Promise.all([eraseApproved(world.ports, asked.id), eraseApproved(world.ports, asked.id)])

    const said = (await open.store.entries(asked.id)).filter(({ type }) => type === 'record.erased')
    expect(said).toHaveLength(1)
    expect(await found(open, traces)).toEqual([])
  })
})

describe('erasure: what is known of one person', () => {
  test('their words and who they were go; what was asked, and that they decided, stays', async () => {
    const { open, world, id } = await denied()
    const person = (await open.store.request(id))?.decisions[0]?.person ?? ''
    const before = await checkpointOf(open)

    const asked = await askToErase(world, { what: 'person', id: person })
    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)
    await sealed(open)

    expect(await found(open, ['words-of-grace', 'grace@acme.test'])).toEqual([])
    expect(await open.store.request(id)).toMatchObject({
      action: { params: { role: 'param-of-alice' } },
      outcome: 'Erased.',
      decisions: [{ person, kind: 'deny', reason: null }],
    })
    expect((await open.store.request(id))?.erased).toBeUndefined()
    expect(await found(open, ['prose-of-agent', 'alice@acme.test'])).not.toEqual([])
    expect(await verify(open, before)).toMatchObject({ wrong: null })
    await expect(askToErase(world, { what: 'person', id: person })).rejects.toMatchObject({
      code: 'not_applicable',
    })
  })

  test('what they were asked to confirm goes, too, once it has ended', async () => {
    const { open, world, id } = await denied()
    const person = (await open.store.request(id))?.decisions[0]?.person ?? ''
    const first = await askErasure(
      { ...world.ports, confirms: true },
      {
        ...{ erasable: request(id), by: { email: 'grace@acme.test' }, reason: 'case of Bob Smith' },
        ...{ updateCards: false, via: 'cli', shell: { user: 'grace-login', host: 'graces-laptop' } },
      },
    )
    if (first.outcome !== 'unconfirmed') throw new Error('it waits')
    const { confirmation } = first
    const next = { ...confirmation, version: 2, state: 'lapsed' as const }
    await open.store.commit({ confirmations: [{ expected: 1, next }], entries: [] })
    const asked = await askToErase(world, { what: 'person', id: person })
    const kept = async () => JSON.stringify(await open.store.confirmation(confirmation.id))
    const traces = /Bob Smith|grace-login|graces-laptop|"name":"Grace/
    expect(await kept()).toMatch(traces) // the control

    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)

    expect(await kept()).not.toMatch(traces)
    expect(await open.store.confirmation(confirmation.id)).toMatchObject({ state: 'lapsed', version: 3 })
  })

  test('but not what they said about a request that is open', async () => {
    const { open, world } = await denied()
    const { id } = await ask(world, 'iam.change')
    const first = await click(world, id, 'U0GRACE', { reason: 'words-while-open' })
    const person = first.request.decisions[0]?.person ?? ''

    const asked = await askToErase(world, { what: 'person', id: person })
    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)

    expect(await found(open, ['words-of-grace'])).toEqual([])
    expect(await found(open, ['words-while-open'])).not.toEqual([])
    expect((await open.store.entries(asked.id)).at(-1)).toMatchObject({ data: { left_open: 1 } })
  })
})

describe('retention: what ended longer ago than it is kept', () => {
  test('goes from every table, by two servers at once only once, and the ledger verifies against a checkpoint from before', async () => {
    const { open, world, id } = await denied()
    const before = await checkpointOf(open)
    const { id: waiting } = await ask(world, 'iam.change', { reason: 'words-while-open' })
    const ports = { ...world.ports, retentionDays: 30 }
    world.clock.advance(31 * 86_400)

    await Promise.all([applyRetention(ports, {}), applyRetention(ports, {})])
    await sealed(open)

    expect(await found(open, traces)).toEqual([])
    expect(await found(open, ['words-while-open'])).not.toEqual([])
    expect(await verify(open, before)).toMatchObject({ wrong: null })
    const { rows } = await open.pool.query<{ data: { values: number; requests: number } }>(
      `SELECT text::json -> 'data' AS data FROM entries WHERE type = 'retention.applied'`,
    )
    expect(rows).toEqual([{ data: expect.objectContaining({ days: 30, requests: 1 }) }])
    expect((await open.store.request(id))?.erased).toBeDefined()
    expect((await open.store.request(waiting))?.erased).toBeUndefined()
  })
})
