import { expect, test } from 'vitest'
import type { Change, Put } from '../../src/approvals/change.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { Untouched } from '../../src/core/rollback.ts'
import type { Subject } from './contract.ts'
import { at, madeLine, madeRequest, submission } from './made.ts'
import { madeExecution, madeGrant, redemption } from './madeGrants.ts'

const resource = { type: 'table', id: 'warehouse.users' }

/** What policy allowed. */
async function allowedIn(store: Store, given: Partial<ActionRequest> = {}): Promise<ActionRequest> {
  const made = madeRequest({ state: 'approved', effect: 'write', settledAt: at, ...given })
  await store.commit(submission(made))
  return made
}

/** Somebody redeems it, by their own clock. */
function redeeming(made: ActionRequest, clock = at): Put<ActionRequest> & { readonly next: ActionRequest } {
  const grant = { ...madeGrant(made.id), redeemed: { ...redemption, at: clock } }
  return {
    expected: made.version,
    next: { ...made, version: made.version + 1, state: 'executing', grant },
  }
}

/** What policy allowed and somebody has redeemed. */
async function ranIn(
  store: Store,
  { clock, ...given }: Partial<ActionRequest> & { readonly clock?: string } = {},
): Promise<ActionRequest> {
  const request = redeeming(await allowedIn(store, given), clock)
  await store.commit({ request, entries: [] })
  return request.next
}

/** Somebody reports that it runs, before it was redeemed. */
async function toldIn(store: Store): Promise<ActionRequest> {
  const made = await allowedIn(store)
  const next = { ...made, version: 2, executions: [madeExecution({ state: 'started' })] }
  await store.commit({ request: { expected: 1, next }, entries: [] })
  return next
}

const undoing = (first: ActionRequest, given: Partial<Change> = {}): Change =>
  submission(madeRequest({ rollsBack: first.id }), {
    requestsRead: [{ id: first.id, version: first.version }],
    ...given,
  })

const of = (first: ActionRequest): Untouched => ({ first: first.id, resource })

/** What undoes something, and what has run where. */
export function keepsRollbacks(open: () => Promise<Subject>): void {
  test('the newest of the past are read oldest first, with whether they were undone', async () => {
    const { store } = await open()
    const [first, second] = [await ranIn(store), await ranIn(store)]
    const undo = undoing(first)
    await store.commit(undo)
    const done = await ranIn(store, { rollsBack: second.id })
    const past = async (limit: number) => {
      const found: (readonly [string, boolean])[] = []
      for await (const page of store.pastRequests(limit))
        found.push(...page.map(({ id, rolledBack }) => [id, rolledBack] as const))
      return found
    }

    expect(await past(10)).toEqual([
      [first.id, false],
      [second.id, true],
      [undo.request?.next.id, false],
      [done.id, false],
    ])
    expect((await past(2)).map(([id]) => id)).toEqual([undo.request?.next.id, done.id])
    expect(await past(1)).toEqual([[done.id, false]])
  })

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

  test('what has begun to change a resource since something else did is known, and not what only reads', async () => {
    const { store } = await open()
    await ranIn(store)
    const first = await ranIn(store)
    await ranIn(store, { effect: 'read' })
    await ranIn(store, { action: { ...first.action, resource: { type: 'table', id: 'other' } } })
    await ranIn(store, { rollsBack: first.id })
    expect(await store.begunSince(of(first))).toEqual([])

    const unknown = await ranIn(store, { effect: null })
    const { id } = await ranIn(store)
    expect(await store.begunSince(of(first))).toEqual([unknown.id, id])
  })

  test('since is the order of commits, whatever the clocks of those who commit say', async () => {
    const { store } = await open()
    await ranIn(store, { clock: '2026-11-24T15:00:00.000Z' })
    const first = await ranIn(store, { clock: '2026-11-24T14:30:00.000Z' })
    const change = (): Change => ({ untouched: of(first), entries: [madeLine()] })
    expect(await store.commit(change())).toBe('applied')

    const { id } = await ranIn(store, { clock: '2026-11-24T14:00:00.000Z' })

    expect(await store.begunSince(of(first))).toEqual([id])
    expect(await store.commit(change())).toBe('conflict')
  })

  test('what was reported as run counts from the first report', async () => {
    const { store } = await open()
    const first = await ranIn(store)
    const { id } = await toldIn(store)

    expect(await store.begunSince(of(first))).toEqual([id])
  })

  test('what was reported as run, and is redeemed later, counts from that, too', async () => {
    const { store } = await open()
    const other = await toldIn(store)
    const first = await ranIn(store)
    const change = (): Change => ({ untouched: of(first), entries: [madeLine()] })
    expect(await store.commit(change())).toBe('applied')

    const begins = store.commit({ request: redeeming(other), entries: [] })
    const needs = store.commit(change())

    expect(await Promise.all([begins, needs])).toEqual(['applied', 'conflict'])
    expect(await store.begunSince(of(first))).toEqual([other.id])
    expect(await store.commit(change())).toBe('conflict')
  })

  test('what was reported of the first itself before it was redeemed is not since when it counts', async () => {
    const { store } = await open()
    const told = await toldIn(store)
    await ranIn(store)
    const request = redeeming(told)
    await store.commit({ request, entries: [] })

    expect(await store.begunSince(of(request.next))).toEqual([])
  })

  test('what is written again of one that has begun before does not begin again', async () => {
    const { store } = await open()
    const other = await ranIn(store)
    const first = await ranIn(store)
    const next: ActionRequest = { ...other, version: 3, state: 'succeeded', executions: [madeExecution()] }

    const again = store.commit({ request: { expected: 2, next }, entries: [] })
    const needs = store.commit({ untouched: of(first), entries: [madeLine()] })

    expect(await Promise.all([again, needs])).toEqual(['applied', 'applied'])
    expect(await store.begunSince(of(first))).toEqual([])
  })

  test('of both at once, one begins and one needs it untouched, the later one loses', async () => {
    const { store } = await open()
    const first = await ranIn(store)
    const begins = store.commit({ request: redeeming(await allowedIn(store)), entries: [] })
    const needs = store.commit({ untouched: of(first), entries: [madeLine()] })

    expect(await Promise.all([begins, needs])).toEqual(['applied', 'conflict'])
  })
}
