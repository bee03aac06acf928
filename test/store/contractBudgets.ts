import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { ActionRequest, Counted } from '../../src/core/request.ts'
import type { Subject } from './contract.ts'
import { approval, at, madeRequest, submission } from './made.ts'
import { madeGrant } from './madeGrants.ts'

const key = '["refunds","agent","agt_1"]'
const before = '2026-11-24T13:00:00.000Z'

const counted = (given: Partial<Counted> = {}): readonly Counted[] => [
  { key, amount: null, of: 'allowed', ...given },
]

function requestUnder(counts: readonly Counted[], given: Partial<ActionRequest> = {}): ActionRequest {
  const made = madeRequest({ state: 'approved', settledAt: at, ...given })
  // What begins as approved is allowed by policy.
  const kind = made.state === 'approved' ? 'allow' : made.verdict.kind
  return { ...made, verdict: { ...made.verdict, kind, counts } }
}

const allowed = (counts = counted(), given: Partial<Change> = {}) => submission(requestUnder(counts), given)
const upTo = (added: number | null, amount: string | null = null) => ({
  budgetReads: [{ key, addedAtMost: added, amountAtMost: amount }],
})

async function numbersOf(store: Store, asked: { since?: string; except?: string | null } = {}) {
  const [numbers] = await store.budgetNumbers([{ key, since: before, except: null, ...asked }])
  return numbers
}

/** What is let through is counted in its commit, and what was allowed by a budget is conditional on it. */
export function countsBudgets(open: () => Promise<Subject>): void {
  test('what policy allows is counted with what it adds up to, each key by itself, in the order of what is asked', async () => {
    const { store } = await open()
    await store.commit(allowed(counted({ amount: 500 })))
    await store.commit(allowed(counted({ amount: 250 })))
    await store.commit(allowed(counted({ key: 'other' })))

    const found = await store.budgetNumbers(
      ['never', key, 'other'].map((one) => ({ key: one, since: before, except: null })),
    )

    expect(found).toEqual([
      { count: 0, sum: 0, added: 0, amount: '0' },
      { count: 2, sum: 750, added: 2, amount: '750' },
      { count: 1, sum: 0, added: 1, amount: '0' },
    ])
  })

  test('only what came after a moment counts, and one request can be left out', async () => {
    const { store } = await open()
    const change = allowed()
    await store.commit(change)

    expect(await numbersOf(store, { since: at })).toMatchObject({ count: 0, added: 1 })
    expect(await numbersOf(store, { except: change.request?.next.id ?? '' })).toMatchObject({
      count: 0,
      added: 1,
    })
  })

  test('a sum that no number can hold is the largest that one can', async () => {
    const { store } = await open()
    for (let nth = 0; nth < 3; nth += 1)
      await store.commit(allowed(counted({ amount: Number.MAX_SAFE_INTEGER })))

    expect(await numbersOf(store)).toMatchObject({ count: 3, sum: Number.MAX_SAFE_INTEGER })
  })

  test('what waits is not counted; when people let it through, it is where the budget counts all', async () => {
    const { store } = await open()
    const pending = { state: 'pending', settledAt: null } as const
    const asked = [
      requestUnder(counted({ of: 'all' }), pending),
      requestUnder(counted({ of: 'allowed' }), pending),
    ]
    for (const one of asked) await store.commit(submission(one))
    expect(await numbersOf(store)).toMatchObject({ count: 0 })

    for (const one of asked) await store.commit(approval(one))

    expect(await numbersOf(store)).toMatchObject({ count: 1, added: 1 })
  })

  test('a grant, or anything else that is written later, does not count it again', async () => {
    const { store } = await open()
    const request = requestUnder(counted({ of: 'all' }))
    await store.commit(submission(request))

    const next = { ...request, version: 2, grant: madeGrant(request.id) }
    await store.commit({ request: { expected: 1, next }, entries: [] })

    expect(await numbersOf(store)).toMatchObject({ count: 1, added: 1 })
  })

  test('what ended unused is given back; what a grant was given out for is not, however it ended', async () => {
    const { store } = await open()
    const all = [
      { ends: 'lapsed', granted: false },
      { ends: 'lapsed', granted: true },
      { ends: 'revoked', granted: false },
      { ends: 'revoked', granted: true },
    ] as const
    for (const { ends, granted } of all) {
      const request = requestUnder(counted())
      const held = granted ? { ...request, grant: madeGrant(request.id) } : request
      await store.commit(submission(held))
      const next = { ...held, version: 2, state: ends }
      await store.commit({ request: { expected: 1, next }, entries: [] })
    }

    // That something came is known all the same.
    expect(await numbersOf(store)).toMatchObject({ count: 2, added: 4 })
  })

  test('nothing that was allowed by a budget is written once it has counted more than that holds for', async () => {
    const { store } = await open()
    await store.commit(allowed(counted({ amount: 10 })))
    const refused = [allowed(counted(), upTo(0)), allowed(counted(), upTo(null, '9'))]

    for (const change of refused) {
      expect(await store.commit(change)).toBe('counted')
      expect(await store.request(change.request?.next.id ?? '')).toBeNull()
    }

    expect(await numbersOf(store)).toMatchObject({ count: 1, sum: 10 })
    expect(await store.commit(allowed(counted(), upTo(1, '10')))).toBe('applied')
    expect(await store.commit(allowed(counted(), upTo(null)))).toBe('applied')
  })

  test('what is committed in the same instant counts in its order, and what loses does not count', async () => {
    const { store } = await open()

    const outcomes = await Promise.all([
      store.commit(allowed(counted({ amount: 60 }), upTo(9, '40'))),
      store.commit(allowed(counted({ amount: 50 }), upTo(9, '50'))),
      store.commit(allowed(counted({ amount: 40 }), upTo(9, '60'))),
      store.commit(
        allowed(counted({ key: 'other', amount: 40 }), {
          budgetReads: [{ key: 'other', addedAtMost: 0, amountAtMost: null }],
        }),
      ),
      store.commit(allowed(counted({ amount: 1 }), { ...upTo(9, '99'), judgedBy: 'sha256:other' })),
      store.commit(allowed(counted({ amount: 1 }), upTo(2, '100'))),
    ])

    expect(outcomes).toEqual(['applied', 'counted', 'applied', 'applied', 'outdated', 'applied'])
  })

  test('a change is compared with what others have counted, not with what it counts itself', async () => {
    const { store } = await open()

    expect(await store.commit(allowed(counted(), upTo(0)))).toBe('applied')
    expect(await store.commit(allowed(counted(), upTo(0)))).toBe('counted')
  })

  test('entries are forgotten by age, and the rest stays', async () => {
    const { store } = await open()
    for (let nth = 0; nth < 3; nth += 1) await store.commit(allowed())
    const which = { what: 'budgetEntries', before: '2026-11-24T14:00:00.124Z', limit: 2 } as const

    expect(await store.forgetPassing({ ...which, before: at })).toBe(0)
    expect([await store.forgetPassing(which), await store.forgetPassing(which)]).toEqual([2, 1])
    expect(await numbersOf(store)).toMatchObject({ count: 0, added: 3 })
  })
}
