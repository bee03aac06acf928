import { describe, expect, test } from 'vitest'
import { emptiedRequest } from '../../src/approvals/erasure/parts.ts'
import { withoutWordsOf } from '../../src/core/erased.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { Entry } from '../../src/ledger/entry.ts'
import { approved, at, madeLine, madeRequest, newId, submission } from './made.ts'
import { openedToServe } from './opened.ts'

/** By the database, whose words name nothing of what it was about. */
const refused = { code: 'entry_unwritable' }

const salt = Buffer.alloc(16, 9).toString('base64')

/** A request that was decided by Bob, with U+0000 in what it asked; ended, unless another state is given. */
async function decided(given: Partial<ActionRequest> = {}) {
  const { store, pool } = await openedToServe()
  const pending = madeRequest({ salt, state: 'pending' })
  await store.commit(submission(pending))
  const [decision] = approved(pending).decisions
  if (!decision) throw new Error('it has one')
  const request: ActionRequest = {
    ...pending,
    version: 2,
    state: 'denied',
    decisions: [{ ...decision, kind: 'deny', reason: 'words\u0000 of Bob' }],
    outcome: 'words\u0000 of Bob',
    settledAt: at,
    ...given,
  }
  await store.commit({ request: { expected: 1, next: request }, entries: [] })
  /** What an erasure about `subject` would make of it. */
  const erase = async (
    subject: Entry['subject'],
    change: (entry: string) => ActionRequest,
    said: Partial<Entry> = {},
  ) => {
    const line = madeLine({ id: newId('ent'), type: 'record.erased', request: null, subject, ...said })
    const next = change(line.entry.id)
    return store.commit({
      entries: [line],
      erasure: { entry: line.entry.id, requests: [{ expected: request.version, next }], values: [] },
    })
  }
  return { store, pool, request, erase, of: { kind: 'request', id: request.id } as const }
}

const emptied = (request: ActionRequest) => (entry: string) => emptiedRequest(request, entry, at).next

describe('whoever may write an erasure', () => {
  test('empties what its entry is about (the control)', async () => {
    const { store, request, erase, of } = await decided()

    expect(await erase(of, emptied(request))).toBe('applied')

    expect(await store.request(request.id)).toMatchObject({ action: { params: {} }, outcome: 'Erased.' })
  })

  test.each<[string, (request: ActionRequest) => Partial<ActionRequest>]>([
    ['other parameters', ({ action }) => ({ action: { ...action, params: { role: 'owner' } } })],
    ['another resource', ({ action }) => ({ action: { ...action, resource: { type: 'table', id: 'x' } } })],
    ['another environment', ({ action }) => ({ action: { ...action, environment: 'dev' } })],
    ['other words', () => ({ outcome: 'Fine by me.' })],
    ['another verdict', ({ verdict }) => ({ verdict: { ...verdict, kind: 'allow' } })],
    [
      'another decision',
      ({ decisions }) => ({ decisions: decisions.map((one) => ({ ...one, kind: 'approve' })) }),
    ],
    ['no decision', () => ({ decisions: [] })],
    ['another digest', () => ({ digest: `sha256:${'a'.repeat(64)}` })],
    ['the entry of another erasure', () => ({ erased: { at, entry: 'ent_other', digest: 'salted' } })],
  ])('writes nothing else: %s', async (_, change) => {
    const { store, request, erase, of } = await decided()

    await expect(
      erase(of, (entry) => ({ ...emptied(request)(entry), ...change(request) })),
    ).rejects.toMatchObject(refused)

    expect(await store.request(request.id)).toEqual(request)
  })

  test.each([
    `state = 'approved'`,
    `behind = '[]'`,
    `granted = '{"id":"grt_1"}'`,
    `action = '{"action":"iam.change"}'`,
    `under_review = true`,
  ])('nor past the function, in the transaction of an erasure: %s', async (assignment) => {
    const { pool, request, of } = await decided()
    const { entry } = madeLine({ id: newId('ent'), type: 'record.erased', request: null, subject: of })
    const attempt = (what: string) =>
      pool
        .query(`BEGIN;
        INSERT INTO entries (id, ts, type, subject_kind, subject_id, text)
        VALUES ('${entry.id}', now(), '${entry.type}', '${of.kind}', '${of.id}', '{}');
        SELECT set_config('countersign.erasure', '${entry.id}', true);
        UPDATE action_requests SET ${what}, version = version + 1, digest_salt = NULL, erased = '{"entry":"${entry.id}"}', digest = 'sha256:' || encode(sha256(decode(digest_salt, 'base64') || convert_to(digest, 'UTF8')), 'hex')
        WHERE id = '${request.id}';
        ROLLBACK`)
        .finally(() => pool.query('ROLLBACK'))

    await expect(attempt(assignment)).rejects.toThrow(
      /erasure changes nothing|cannot become|a review is open|minted/,
    )
    await expect(attempt(`reason = 'null'`)).resolves.toBeDefined() // the control
  })

  test.each<[string, Partial<ActionRequest>]>([
    ['waits for people', { state: 'pending', outcome: null, settledAt: null }],
    ['was approved and not used yet', { state: 'approved' }],
  ])('reaches nothing that %s', async (_, given) => {
    const { request, erase, of } = await decided(given)

    await expect(erase(of, emptied(request))).rejects.toMatchObject(refused)
  })

  test('reaches nothing that its entry is not about', async () => {
    const { request, erase, of } = await decided()

    await expect(erase({ ...of, id: 'req_other' }, emptied(request))).rejects.toMatchObject(refused)
    await expect(erase({ kind: 'person', id: 'per_eve' }, emptied(request))).rejects.toMatchObject(refused)
  })

  test('empties of a person only their own words', async () => {
    const { store, request, erase } = await decided()
    const words = withoutWordsOf(request, (person) => person === 'per_bob')
    const bob = { kind: 'person', id: 'per_bob' } as const

    await expect(erase(bob, emptied(request))).rejects.toMatchObject(refused)
    expect(await erase(bob, () => words)).toBe('applied')

    expect(await store.request(request.id)).toMatchObject({
      decisions: [{ reason: null }],
      reason: request.reason,
    })
  })

  test('empties as retention only what is older than it says, and that only after the days that it says', async () => {
    const { request, erase } = await decided()
    const retention = (ts: string, before: string, days = 30) =>
      erase({ kind: 'installation', id: 'wsp_1' }, emptied(request), {
        ts,
        type: 'retention.applied',
        data: { days, before },
      })

    await expect(retention('2026-12-30T00:00:00.000Z', '2026-11-24T00:00:00.000Z')).rejects.toMatchObject(
      refused,
    )
    await expect(retention('2026-12-01T00:00:00.000Z', '2026-11-30T00:00:00.000Z')).rejects.toMatchObject(
      refused,
    )
    expect(await retention('2026-12-30T00:00:00.000Z', '2026-11-30T00:00:00.000Z')).toBe('applied')
  })
})

describe('values beside an entry', () => {
  async function kept(given: Partial<Entry> = {}) {
    const there = await decided()
    const { id } = there.request
    const line = madeLine(
      { request: id, actor: { kind: 'person', id: 'per_bob', via: 'slack' }, ...given },
      { reason: 'x' },
    )
    await there.store.commit({ entries: [line] })
    const empty = (subject: Entry['subject']) => {
      const said = madeLine({ type: 'record.erased', request: null, subject })
      const values = [{ entry: line.entry.id, name: 'reason' }]
      return there.store.commit({ entries: [said], erasure: { entry: said.entry.id, requests: [], values } })
    }
    return { ...there, empty }
  }

  test.each([
    ['the request', ({ id }: ActionRequest) => ({ kind: 'request', id }) as const],
    ['somebody it names', () => ({ kind: 'person', id: 'per_bob' }) as const],
  ])('go by the erasure of %s (the control)', async (_, subject) => {
    const { request, empty } = await kept()

    expect(await empty(subject(request))).toBe('applied')
  })

  test.each([
    ['of another request', { kind: 'request', id: 'req_other' }],
    ['of somebody it does not name', { kind: 'person', id: 'per_eve' }],
  ] as const)('stay by an erasure %s', async (_, subject) => {
    const { empty } = await kept()

    await expect(empty(subject)).rejects.toMatchObject(refused)
  })

  test('stay beside the entry of an erasure', async () => {
    const { of, empty } = await kept({ type: 'record.erased' })

    await expect(empty(of)).rejects.toMatchObject(refused)
  })
})
