import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { Untouched } from '../../src/core/rollback.ts'
import type { Subject } from './contract.ts'
import { at, madeLine, madeRequest, submission } from './made.ts'
import { madeExecution, madeGrant, redemption } from './madeGrants.ts'

const resource = { type: 'table', id: 'warehouse.users' }
const later = '2026-11-24T15:00:00.000Z'

/** What policy allowed and somebody has redeemed, at a moment. */
async function ranIn(
  store: Store,
  { begun = at, ...given }: Partial<ActionRequest> & { readonly begun?: string } = {},
): Promise<ActionRequest> {
  const made = madeRequest({ state: 'approved', effect: 'write', settledAt: at, ...given })
  await store.commit(submission(made))
  const grant = { ...madeGrant(made.id), redeemed: { ...redemption, at: begun } }
  const next: ActionRequest = { ...made, version: 2, state: 'executing', grant }
  await store.commit({ request: { expected: 1, next }, entries: [] })
  return next
}

const undoing = (first: ActionRequest, given: Partial<Change> = {}): Change =>
  submission(madeRequest({ rollsBack: first.id }), {
    requestsRead: [{ id: first.id, version: first.version }],
    ...given,
  })

const of = (first: ActionRequest): Untouched => ({ first: first.id, resource, since: at })

/** What undoes something, and what has run where. */
export function keepsRollbacks(open: () => Promise<Subject>): void {
  test('the rollbacks of requests are read in order', async () => {
    const { store } = await open()
    const [first, other] = [await ranIn(store), await ranIn(store)]
    const changes = [undoing(other), undoing(first)]
    for (const change of changes) expect(await store.commit(change)).toBe('applied')

    const ids = (await store.rollbacksOf([first.id, other.id])).map(({ id }) => id)
    expect(ids).toEqual(changes.map(({ request }) => request?.next.id))
    expect(await store.rollbacksOf(['req_none'])).toEqual([])
    expect(await store.rollbacksOf([])).toEqual([])
  })

  test('what was judged by another request is not written when that has changed', async () => {
    const { store } = await open()
    const first = await ranIn(store)
    const next: ActionRequest = { ...first, version: 3, state: 'succeeded', executions: [madeExecution()] }
    await store.commit({ request: { expected: 2, next }, entries: [] })

    expect(await store.commit(undoing(first))).toBe('conflict')
    expect(await store.commit(undoing(next))).toBe('applied')
  })

  test('of fifty rollbacks of one request at once one is made', async () => {
    const { store } = await open()
    const first = await ranIn(store)

    const committed = await Promise.all(Array.from({ length: 50 }, () => store.commit(undoing(first))))

    expect(committed.filter((one) => one === 'applied')).toHaveLength(1)
    expect(committed.filter((one) => one === 'conflict')).toHaveLength(49)
  })

  test.each([
    ['denied', true],
    ['pending', false],
    ['approved', false],
  ] as const)('beside a rollback that is %s another is made: %s', async (state, isMade) => {
    const { store } = await open()
    const first = await ranIn(store)
    const settledAt = state === 'pending' ? null : at
    await store.commit(
      undoing(first, {
        request: { expected: null, next: madeRequest({ rollsBack: first.id, state, settledAt }) },
      }),
    )

    expect(await store.commit(undoing(first))).toBe(isMade ? 'applied' : 'conflict')
  })

  test('members of a set are made and moved together, or not at all', async () => {
    const { store } = await open()
    const set = { id: 'set_1', card: 'req_first' }
    const first = madeRequest({ id: 'req_first', set })
    const rollback = madeRequest({ id: 'req_second', set, rollsBack: 'req_first' })
    const change = submission(first, { members: [{ expected: null, next: rollback }] })

    expect(await store.commit({ ...change, atMostPending: 1 })).toBe('full')
    expect(await store.request('req_first')).toBeNull()
    expect(await store.commit({ ...change, atMostPending: 2 })).toBe('applied')
    expect(await store.requestsOf(['req_first', 'req_second'])).toEqual([first, rollback])

    const cancelled: ActionRequest = {
      ...rollback,
      version: 2,
      state: 'cancelled',
      withFirst: true,
      settledAt: at,
    }
    const denied: ActionRequest = { ...first, version: 2, state: 'denied', settledAt: at }
    const both = (expected: number): Change => ({
      request: { expected: 1, next: denied },
      members: [{ expected, next: { ...cancelled, version: expected + 1 } }],
      entries: [madeLine({ request: first.id, type: 'request.denied' })],
    })
    expect(await store.commit(both(2))).toBe('conflict')
    expect(await store.request('req_first')).toEqual(first)
    expect(await store.commit(both(1))).toBe('applied')
    expect(await store.requestsOf(['req_first', 'req_second'])).toEqual([denied, cancelled])
  })

  test('what has begun to change a resource is known by the moment, and not what only reads', async () => {
    const { store } = await open()
    const first = await ranIn(store)
    await ranIn(store, { begun: '2026-11-24T13:00:00.000Z' })
    await ranIn(store, { begun: later, effect: 'read' })
    await ranIn(store, {
      begun: later,
      action: { ...first.action, resource: { type: 'table', id: 'other' } },
    })
    await ranIn(store, { begun: later, rollsBack: first.id })
    expect(await store.begunSince(of(first))).toEqual([])

    const unknown = await ranIn(store, { begun: later, effect: null })
    const { id } = await ranIn(store, { begun: at })
    expect(await store.begunSince(of(first))).toEqual([id, unknown.id])
  })

  test('what was reported as run counts from the first report', async () => {
    const { store } = await open()
    const first = await ranIn(store)
    const made = madeRequest({ state: 'approved', effect: 'write', settledAt: at })
    await store.commit(submission(made))
    const told = { ...made, version: 2, executions: [madeExecution({ at: later })] }
    await store.commit({ request: { expected: 1, next: told }, entries: [] })

    expect(await store.begunSince(of(first))).toEqual([made.id])
  })

  test('what needs its target untouched is not written when something has begun there', async () => {
    const { store } = await open()
    const first = await ranIn(store)
    const change = (): Change => ({ untouched: of(first), entries: [madeLine()] })
    expect(await store.commit(change())).toBe('applied')

    await ranIn(store, { begun: later })

    expect(await store.commit(change())).toBe('conflict')
  })

  test('of both at once, one begins and one needs it untouched, the later one loses', async () => {
    const { store } = await open()
    const first = await ranIn(store)
    const other = madeRequest({ state: 'approved', effect: 'write', settledAt: at })
    await store.commit(submission(other))
    const grant = { ...madeGrant(other.id), redeemed: { ...redemption, at: later } }
    const next: ActionRequest = { ...other, version: 2, state: 'executing', grant }
    const begins = store.commit({ request: { expected: 1, next }, entries: [] })
    const needs = store.commit({ untouched: of(first), entries: [madeLine()] })

    expect(await Promise.all([begins, needs])).toEqual(['applied', 'conflict'])
  })
}
