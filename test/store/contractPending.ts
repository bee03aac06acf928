import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import { approval, madeLine, madeRequest, submission } from './made.ts'

const agentOf = (id: string) => ({ agent: { ...madeRequest().agent, id } })
const asking = (atMostPending: number, agent = 'agt_1') =>
  submission(madeRequest(agentOf(agent)), { atMostPending })

/** How much of one agent may wait at once. */
export function limitsWhatWaits(open: () => Promise<Subject>): void {
  test('so many of one agent wait and no more; what is refused is not written at all', async () => {
    const { store, jobKeys } = await open()
    await store.commit(asking(2))
    await store.commit(asking(2))
    const keys = await jobKeys()
    const [more, line] = [madeRequest(), madeLine({ request: 'req_more' })]

    expect(
      await store.commit(submission(more, { atMostPending: 2, entries: [line], delivery: 'once' })),
    ).toBe('full')

    expect(await store.request(more.id)).toBeNull()
    expect(await store.entries('req_more')).toEqual([])
    expect(await jobKeys()).toEqual(keys)
    expect(await store.commit({ entries: [line], delivery: 'once' })).toBe('applied')
  })

  test('another agent has its own, and who names no limit has none', async () => {
    const { store } = await open()
    await store.commit(asking(1))

    expect(await store.commit(asking(1, 'agt_2'))).toBe('applied')
    expect(await store.commit(submission())).toBe('applied')
    expect(await store.commit(asking(1))).toBe('full')
  })

  test('what is settled does not count, nor what never waits', async () => {
    const { store } = await open()
    const first = asking(1)
    await store.commit(first)
    if (first.request) await store.commit(approval(first.request.next))
    await store.commit(submission(madeRequest({ state: 'denied' })))

    expect(await store.commit(submission(madeRequest({ state: 'approved' }), { atMostPending: 1 }))).toBe(
      'applied',
    )
    expect(await store.commit(asking(1))).toBe('applied')
    expect(await store.commit(submission(madeRequest({ state: 'denied' }), { atMostPending: 1 }))).toBe(
      'applied',
    )
  })

  test('what is committed in the same instant counts in its order, and what loses otherwise does not', async () => {
    const { store } = await open()
    const key = { idempotencyKey: 'the same' }

    const outcomes = await Promise.all([
      store.commit(asking(3)),
      store.commit(submission(madeRequest(key), { atMostPending: 3 })),
      store.commit(submission(madeRequest(), { atMostPending: 3, judgedBy: 'sha256:other' })),
      store.commit(asking(3)),
      store.commit(asking(3, 'agt_2')),
      store.commit(asking(3)),
    ])

    expect(outcomes).toEqual(['applied', 'applied', 'outdated', 'applied', 'applied', 'full'])
    expect(await store.commit(submission(madeRequest(key), { atMostPending: 3 }))).toBe('repeated')
  })
}
