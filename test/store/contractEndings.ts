import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import { madeLine, madeRequest, submission } from './made.ts'

/** How requests ended, and who was refused meanwhile. */
export function keepsEndings(open: () => Promise<Subject>): void {
  test('one that expired without reaching anybody comes back exactly, and one that did too', async () => {
    const { store } = await open()
    const [request, other] = [madeRequest(), madeRequest()]
    const expired = {
      version: 2,
      state: 'expired',
      settledAt: request.createdAt,
      outcome: 'Nobody, ü.',
    } as const
    const ends = [
      { ...request, ...expired, unreached: true as const },
      { ...other, ...expired },
    ]
    for (const one of [request, other]) await store.commit(submission(one))
    for (const next of ends) await store.commit({ request: { expected: 1, next }, entries: [] })

    expect(await store.request(request.id)).toEqual(ends[0])
    expect(await store.request(other.id)).toEqual(ends[1])
  })

  test('refused attempts since a moment are found, whatever the request, oldest first', async () => {
    const { store } = await open()
    const refusedAt = (ts: string, request: string) => madeLine({ type: 'decision.refused', ts, request })
    const lines = [
      refusedAt('2026-11-24T13:59:59.999Z', 'req_1'),
      refusedAt('2026-11-24T14:00:00.000Z', 'req_2'),
      madeLine({ type: 'decision.made', ts: '2026-11-24T14:00:01.000Z', request: 'req_1' }),
      refusedAt('2026-11-24T14:00:02.000Z', 'req_1'),
    ]
    await store.commit({ entries: lines })

    const found = await store.refusals('2026-11-24T14:00:00.000Z')

    expect(found).toEqual([lines[1]?.entry, lines[3]?.entry])
    expect(await store.refusals('2026-11-24T14:00:03.000Z')).toEqual([])
  })
}
