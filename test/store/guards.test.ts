import { describe, expect, test } from 'vitest'
import { firstStates, moves, type State, states } from '../../src/core/lifecycle.ts'
import type { Note } from '../../src/core/note.ts'
import { withClient } from '../support/database.ts'
import { approval, erasureOf, madeLine, madeNote, madeRequest, submission } from './made.ts'
import { madeExecution, madeGrant, madeStop, redemption } from './madeGrants.ts'
import { opened } from './opened.ts'

const moving = (from: State) => Object.values(moves[from]).map((to: State) => `${from} ${to}`)
const legal = new Set(states.flatMap(moving))
const pairs = states.flatMap((from) => states.map((to) => [from, to] as const))

describe('the database', () => {
  test('knows exactly the states of the lifecycle', async () => {
    const { pool } = await opened()

    const { rows } = await pool.query<{ check: string }>(
      `SELECT pg_get_constraintdef(oid) AS check FROM pg_constraint WHERE conname = 'action_requests_state_check'`,
    )

    const known = [...(rows[0]?.check ?? '').matchAll(/'(\w+)'::text/g)].map((match) => match[1])
    expect(known.toSorted()).toEqual([...states].toSorted())
  })

  test('lets a request begin only where the lifecycle begins', async () => {
    const { store } = await opened()

    for (const state of states) {
      const outcome = store.commit(submission(madeRequest({ state }), { jobs: [] }))
      if (firstStates.some((one) => one === state)) await expect(outcome).resolves.toBe('applied')
      else await expect(outcome).rejects.toThrow()
    }
  })

  test('lets a request move exactly as the lifecycle does, whatever it was told', async () => {
    const { store, databaseUrl } = await opened()
    const request = madeRequest()
    await store.commit(submission(request))

    const allowed = await withClient(databaseUrl, async (client) => {
      const passed: string[] = []
      for (const [from, to] of pairs) {
        await client.query('BEGIN')
        await client.query('ALTER TABLE action_requests DISABLE TRIGGER action_requests_guard')
        await client.query('UPDATE action_requests SET state = $1', [from])
        await client.query('ALTER TABLE action_requests ENABLE TRIGGER action_requests_guard')
        const moved = await client
          .query('UPDATE action_requests SET state = $1, version = version + 1', [to])
          .catch(() => null)
        if (moved && from !== to) passed.push(`${from} ${to}`)
        await client.query('ROLLBACK')
      }
      return passed
    })

    expect(allowed.toSorted()).toEqual([...legal].toSorted())
  })

  const unchangeable = {
    action: `'{}'`,
    digest: `'x'`,
    effect: `'x'`,
    agent_id: `'x'`,
    agent: `'{}'`,
    initiator: `'{}'`,
    behind: `'[]'`,
    behind_people: `'{}'`,
    reason: `'"x"'`,
    run: `'{}'`,
    verdict: `'{}'`,
    requirement: 'null',
    idempotency_key: `'x'`,
    body_digest: `'x'`,
    created_at: 'now()',
    expires_at: 'now()',
    revises: `'x'`,
    narrows: `'x'`,
    rolls_back: `'x'`,
    set_id: `'x'`,
    set_card: `'x'`,
    ask: `'x'`,
    alike_card: `'x'`,
    alike_line: '3',
    callback_url: `'x'`,
    digest_salt: `'x'`,
    erased: `'{}'`,
    id: `'x'`,
  }
  test('refuses to change anything that people agreed to', async () => {
    const { store, pool } = await opened()
    await store.commit(submission())

    for (const [column, value] of Object.entries(unchangeable))
      await expect(
        pool.query(`UPDATE action_requests SET ${column} = ${value}, version = version + 1`),
      ).rejects.toThrow(/never changes|null/)
    // The control: the same statement without them passes.
    await expect(pool.query('UPDATE action_requests SET version = version + 1')).resolves.toMatchObject({
      rowCount: 1,
    })
  })

  test('names every column of a request as changeable or not', async () => {
    const { pool } = await opened()

    const { rows } = await pool.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'action_requests'`,
    )

    const changeable = [
      'version',
      'state',
      'decisions',
      'escalations',
      'broken_glass',
      'review',
      'under_review',
      'outcome',
      'granted',
      'executions',
      'notes',
      'preview',
      'settled_at',
    ]
    expect(rows.map((row) => row.name).toSorted()).toEqual(
      [...Object.keys(unchangeable), ...changeable].toSorted(),
    )
  })

  test('keeps what was said about a request, and takes no more once it has ended', async () => {
    const { store, pool } = await opened()
    const asked = madeRequest()
    await store.commit(submission(asked))
    const noted = { ...asked, version: 2, notes: [madeNote] }
    await store.commit({ request: { expected: 1, next: noted }, entries: [] })
    const write = (notes: readonly Note[], state = 'pending') =>
      pool.query('UPDATE action_requests SET notes = $1, state = $2, version = version + 1 WHERE id = $3', [
        JSON.stringify(notes),
        state,
        asked.id,
      ])
    const other = { ...madeNote, id: 'note_2' }

    for (const notes of [[], [{ ...madeNote, text: 'Fine by me.' }], [{ ...madeNote, by: 'per_x' }, other]])
      await expect(write(notes)).rejects.toThrow(/only added to/)
    await expect(write([madeNote, other], 'cancelled')).rejects.toThrow(/only while/)
    await expect(write([madeNote, other])).resolves.toMatchObject({ rowCount: 1 })
    await write([madeNote, other], 'cancelled')
    await expect(write([madeNote, other, { ...other, id: 'note_3' }], 'cancelled')).rejects.toThrow(
      /only while/,
    )
  })

  test('keeps a grant and its redemption, and what was reported', async () => {
    const { store, pool } = await opened()
    const request = madeRequest()
    const grant = madeGrant(request.id)
    const executions = [madeExecution()]
    await store.commit(submission(request))
    await store.commit({
      request: {
        expected: 1,
        next: { ...request, version: 2, grant: { ...grant, redeemed: redemption }, executions },
      },
      entries: [],
    })
    const update = (assignment: string) =>
      pool.query(`UPDATE action_requests SET ${assignment}, version = version + 1`)

    for (const another of [
      null,
      { ...grant, id: 'grt_2' },
      grant,
      { ...grant, redeemed: { ...redemption, attempt: 'two' } },
    ])
      await expect(update(`granted = '${JSON.stringify(another)}'`)).rejects.toThrow(/minted once/)
    for (const others of [[], [madeExecution({ state: 'failed' })]])
      await expect(
        update(`executions = '${JSON.stringify(others).replaceAll('\\u0000', '')}'`),
      ).rejects.toThrow(/only added/)
    // The control: with one more report the same statement passes.
    const added = JSON.stringify([...executions, ...executions])
    await expect(update(`executions = '${added}'`)).resolves.toMatchObject({ rowCount: 1 })
  })

  test('keeps what approvers were shown of what it would touch, and adds nothing to what somebody acted on', async () => {
    const { store, pool } = await opened()
    const request = madeRequest()
    await store.commit(submission(request))
    const update = (value: string, more = '') =>
      pool.query(`UPDATE action_requests SET preview = '${value}'${more}, version = version + 1`)
    await expect(update('{"rows":1}', ", state = 'denied'")).rejects.toThrow(/written once/)

    await update('{"rows":1}')

    for (const another of ['{"rows":2}', 'null'])
      await expect(update(another)).rejects.toThrow(/written once/)
    // The control: left as it is, the same statement passes.
    await expect(update('{"rows":1}')).resolves.toMatchObject({ rowCount: 1 })
    await store.commit(submission(madeRequest({ id: 'req_moved' })))
    await pool.query("UPDATE action_requests SET version = version + 1 WHERE id = 'req_moved'")
    await expect(
      pool.query(`UPDATE action_requests SET preview = '{}', version = version + 1 WHERE id = 'req_moved'`),
    ).rejects.toThrow(/before anything else/)
  })

  const forbidden = [
    'DELETE FROM stops',
    `UPDATE entries SET text = '{}'`,
    'DELETE FROM entries',
    'TRUNCATE entries',
    'DELETE FROM entry_blobs',
    'TRUNCATE entry_blobs',
    `UPDATE entry_blobs SET sha256_salted = 'x'`,
    `UPDATE entry_blobs SET text = 'x'`,
    'UPDATE entry_blobs SET text = NULL',
    `UPDATE entry_blobs SET text = NULL, salt = NULL, name = 'x'`,
    'UPDATE entry_blobs SET text = NULL, salt = NULL',
    'DELETE FROM action_requests',
    'TRUNCATE action_requests',
    'UPDATE action_requests SET version = version + 2',
    `UPDATE policy_versions SET name = 'x'`,
    'DELETE FROM policy_activations',
  ]
  test('refuses to rewrite the ledger, requests and policies', async () => {
    const { store, pool } = await opened()
    const version = { digest: 'sha256:1', filesDigest: 'sha256:f1', name: 'one', files: {} } as const
    await store.commit(submission())
    await store.commit({ stops: [{ expected: null, next: madeStop() }], entries: [] })
    const policy = { version, activation: 'act_1', expected: null, at: '2026-11-24T14:00:00Z' }
    await store.commit({ policy, entries: [] })

    for (const statement of forbidden)
      await expect(pool.query(statement), statement).rejects.toThrow(
        /append-only|erased|cannot follow|check constraint/,
      )
  })

  test('lets a blob be erased, and keeps its hash', async () => {
    const { store, pool } = await opened()
    await store.commit({ entries: [madeLine({ id: 'ent_kept' }, { params: '{"rows":1}' })] })
    const before = await pool.query(
      `SELECT sha256_salted, bytes, convert_from(text, 'UTF8') AS text FROM entry_blobs`,
    )
    expect(before.rows).toMatchObject([{ bytes: 10, text: '{"rows":1}' }])

    expect(await store.commit(await erasureOf(store, ['ent_kept']))).toBe('applied')

    const after = await pool.query('SELECT sha256_salted, bytes, text, salt FROM entry_blobs')
    expect(after.rows).toEqual([{ ...before.rows[0], text: null, salt: null }])
  })

  test('stores the exact text of an entry', async () => {
    const { store, pool } = await opened()
    const { entry, blobs } = madeLine({ request: 'req_1' })
    await store.commit({ entries: [{ entry, blobs }] })

    const { rows } = await pool.query<{ text: string }>('SELECT text FROM entries')

    expect(rows[0]?.text).toMatch(/^\{"action_digest":null,"actor":\{"id":"agt_1"/)
  })

  test('refuses a blob that is not the one its entry names', async () => {
    const { store } = await opened()
    const { entry, blobs } = madeLine({ request: 'req_1' }, { params: 'true' })

    const swapped = blobs.map((blob) => ({ ...blob, text: 'false' }))

    await expect(store.commit({ entries: [{ entry, blobs: swapped }] })).rejects.toThrow(/blob/)
    await expect(store.commit({ entries: [{ entry, blobs: [] }] })).rejects.toThrow(/blob/)
    expect(await store.commit({ entries: [{ entry, blobs }] })).toBe('applied')
  })

  test('says of every table and index what it is for', async () => {
    const { pool } = await opened()

    const { rows } = await pool.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
       AND relname NOT LIKE '\\_prisma%' AND obj_description(oid, 'pg_class') IS NULL`,
    )

    expect(rows).toEqual([])
  })

  test('answers the lists of requests from an index', async () => {
    const { store, databaseUrl } = await opened()
    const request = madeRequest()
    await store.commit(submission(request))
    await store.commit(approval(request))

    const plan = await withClient(databaseUrl, async (client) => {
      await client.query('SET enable_seqscan = off')
      const { rows } = await client.query(
        `EXPLAIN SELECT * FROM action_requests WHERE state IN ('pending') ORDER BY id DESC LIMIT 5`,
      )
      return JSON.stringify(rows)
    })
    expect(plan).toContain('action_requests_state_id_idx')
  })
})
