import { expect, test } from 'vitest'
import type { Subject } from './contract.ts'
import { at, madeLine, madeRequest, submission } from './made.ts'

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

  test('one that policy denied at the moment of release comes back exactly', async () => {
    const { store } = await open()
    const request = madeRequest()
    const ended = {
      state: 'denied',
      settledAt: request.createdAt,
      outcome: 'No, ü.',
      overruled: true,
    } as const
    const next = { ...request, ...ended, version: 2 }
    await store.commit(submission(request))
    await store.commit({ request: { expected: 1, next }, entries: [] })

    expect(await store.request(request.id)).toEqual(next)
  })

  test('one that was cancelled with its agent comes back exactly', async () => {
    const { store } = await open()
    const request = madeRequest()
    const ended = {
      state: 'cancelled',
      settledAt: request.createdAt,
      outcome: 'Ü.',
      agentRevoked: true,
    } as const
    const next = { ...request, ...ended, version: 2 }
    await store.commit(submission(request))
    await store.commit({ request: { expected: 1, next }, entries: [] })

    expect(await store.request(request.id)).toEqual(next)
  })

  test('one that was given up as unreported comes back exactly', async () => {
    const { store } = await open()
    const request = madeRequest({ state: 'approved', settledAt: at, outcome: 'Approved.' })
    const running = { ...request, version: 2, state: 'executing' } as const
    const next = { ...request, version: 3, state: 'unreported', unreportedAt: at } as const
    await store.commit(submission(request))
    await store.commit({ request: { expected: 1, next: running }, entries: [] })
    await store.commit({ request: { expected: 2, next }, entries: [] })

    expect(await store.request(request.id)).toEqual(next)
  })

  test('what was judged by another policy than the active one is not released', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))
    const next = { ...request, version: 2, state: 'approved', settledAt: request.createdAt } as const
    const release = (judgedBy: `sha256:${string}` | null) =>
      store.commit({ request: { expected: 1, next }, judgedBy, entries: [] })

    expect(await release('sha256:another')).toBe('outdated')
    expect(await store.request(request.id)).toEqual(request)
    expect(await release((await store.activePolicy())?.digest ?? null)).toBe('applied')
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

  test('reports of what was not done as approved are counted by agent', async () => {
    const { store } = await open()
    const before = await store.deviations()
    const [one, other] = [madeRequest().agent.id, `${madeRequest().agent.id}x`]
    const deviated = (id: string) =>
      madeLine({ type: 'execution.deviated', subject: { kind: 'agent', id }, request: 'req_1' })
    const reported = madeLine({
      type: 'execution.reported',
      subject: { kind: 'agent', id: one },
      request: 'req_1',
    })
    await store.commit({ entries: [deviated(one), deviated(other), reported, deviated(one)] })

    const after = await store.deviations()

    expect(after.get(one)).toBe((before.get(one) ?? 0) + 2)
    expect(after.get(other)).toBe((before.get(other) ?? 0) + 1)
    expect(after.has('agt_without')).toBe(false)
  })
}
