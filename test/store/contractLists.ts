import { expect, test } from 'vitest'
import type { Store } from '../../src/approvals/ports.ts'
import type { Subject } from './contract.ts'
import { smashed } from './contractEmergencies.ts'
import { approval, madeLine, madeRequest, submission } from './made.ts'

export function listsRequests(open: () => Promise<Subject>): void {
  test('newest first, page by page, by state, agent and person', async () => {
    const { store } = await open()
    const first = madeRequest()
    const second = madeRequest({ agent: { ...first.agent, id: 'agt_2' } })
    const third = madeRequest({ behind: [{ person: 'per_noor', role: 'involved' }] })
    for (const request of [second, third, first]) await store.commit(submission(request))
    await store.commit(approval(first))
    const ids = async (query: Partial<Parameters<Store['requests']>[0]>) =>
      (await store.requests({ limit: 10, ...query })).map((request) => request.id)

    expect(await ids({})).toEqual([third.id, second.id, first.id])
    expect(await ids({ limit: 2 })).toEqual([third.id, second.id])
    expect(await ids({ before: second.id })).toEqual([first.id])
    expect(await ids({ states: ['pending'] })).toEqual([third.id, second.id])
    expect(await ids({ states: ['approved', 'denied'] })).toEqual([first.id])
    expect(await ids({ states: [] })).toEqual([])
    expect(await ids({ agent: 'agt_2' })).toEqual([second.id])
  })

  test('those of one agent, by state and action, with where the next page begins', async () => {
    const { store } = await open()
    const [first, second, third] = [madeRequest(), madeRequest(), madeRequest()]
    const other = madeRequest({ agent: { ...first.agent, id: 'agt_2' } })
    for (const request of [first, second, third, other]) await store.commit(submission(request))
    await store.commit(approval(second))
    const agent = first.agent.id
    const found = async (query: Partial<Parameters<Store['requestsOfAgent']>[0]>) => {
      const { requests, next } = await store.requestsOfAgent({ agent, limit: 10, ...query })
      return [requests.map(({ id }) => id), next]
    }

    expect(await found({})).toEqual([[third.id, second.id, first.id], null])
    expect(await found({ limit: 2 })).toEqual([[third.id, second.id], second.id])
    expect(await found({ limit: 2, before: second.id })).toEqual([[first.id], null])
    expect(await found({ states: ['pending'] })).toEqual([[third.id, first.id], null])
    expect(await found({ states: ['pending'], before: third.id })).toEqual([[first.id], null])
    expect(await found({ states: ['approved', 'denied'] })).toEqual([[second.id], null])
    expect(await found({ action: first.action.action })).toEqual([[third.id, second.id, first.id], null])
    expect(await found({ action: 'nobody.asks' })).toEqual([[], null])
    expect(await found({ agent: 'agt_2' })).toEqual([[other.id], null])
    expect(await found({ agent: 'agt_none' })).toEqual([[], null])
    expect((await store.requestsOfAgent({ agent: 'agt_2', limit: 1 })).requests).toEqual([other])
  })

  test('a history: what people were asked about, and what somebody is behind; by agent, state, action and age', async () => {
    const { store } = await open()
    const asked = madeRequest()
    const allowed = { requirement: null, expiresAt: null, state: 'approved' } as const
    const theirs = madeRequest({ ...allowed, behind: [{ person: 'per_noor', role: 'initiator' }] })
    const nobodys = madeRequest({ ...allowed, behind: [{ person: 'per_lee', role: 'initiator' }] })
    const other = madeRequest({
      agent: { ...asked.agent, id: 'agt_2' },
      createdAt: '2026-11-25T00:00:00.000Z',
    })
    for (const request of [asked, theirs, nobodys, other]) await store.commit(submission(request))
    const found = async (query: Partial<Parameters<Store['history']>[0]>) => {
      const { requests, next } = await store.history({ behind: ['per_noor', 'per_ann'], limit: 10, ...query })
      return [requests.map(({ id }) => id), next]
    }

    expect(await found({})).toEqual([[other.id, theirs.id, asked.id], null])
    expect(await found({ behind: [] })).toEqual([[other.id, asked.id], null])
    expect(await found({ limit: 2 })).toEqual([[other.id, theirs.id], theirs.id])
    expect(await found({ limit: 2, before: theirs.id })).toEqual([[asked.id], null])
    expect(await found({ agent: 'agt_2' })).toEqual([[other.id], null])
    expect(await found({ agent: 'agt_2', before: other.id })).toEqual([[], null])
    expect(await found({ states: ['approved'] })).toEqual([[theirs.id], null])
    expect(await found({ action: asked.action.action })).toEqual([[other.id, theirs.id, asked.id], null])
    expect(await found({ action: 'nobody.asks' })).toEqual([[], null])
    expect(await found({ since: '2026-11-25T00:00:00.000Z' })).toEqual([[other.id], null])
    expect((await store.history({ behind: [], limit: 1 })).requests).toEqual([other])
  })

  test('alarms because of attempts, of several requests at once', async () => {
    const { store } = await open()
    const [first, second] = [madeRequest(), madeRequest()]
    for (const request of [first, second]) await store.commit(submission(request))
    const alarm = (request: string) => madeLine({ type: 'attempts.alarmed', request })
    await store.commit({ entries: [alarm(first.id), alarm('req_other')] })

    const found = await store.attemptAlarms([first.id, second.id])

    expect(found.map(({ type, request }) => [type, request])).toEqual([['attempts.alarmed', first.id]])
    expect(await store.attemptAlarms([])).toEqual([])
  })

  test('by people behind them, whoever of several it is, each once', async () => {
    const { store } = await open()
    const [lee, noor] = [
      { person: 'per_lee', role: 'initiator' } as const,
      { person: 'per_noor', role: 'involved' } as const,
    ]
    const [first, second, third] = [[lee], [lee, noor], [noor]].map((behind) => madeRequest({ behind }))
    if (!first || !second || !third) throw new Error('three were made')
    for (const request of [second, third, first]) await store.commit(submission(request))
    await store.commit(approval(first))
    const ids = async (people: readonly string[], page: { limit?: number; before?: string } = {}) =>
      (await store.requestsBehind(people, { limit: 10, ...page })).map((request) => request.id)

    expect(await ids(['per_lee'])).toEqual([second.id, first.id])
    expect(await ids(['per_noor', 'per_lee'])).toEqual([third.id, second.id, first.id])
    expect(await ids(['per_noor', 'per_lee'], { limit: 2 })).toEqual([third.id, second.id])
    expect(await ids(['per_noor', 'per_lee'], { before: third.id, limit: 1 })).toEqual([second.id])
    expect(await ids(['per_none'])).toEqual([])
    expect(await ids([])).toEqual([])
    expect((await store.requestsBehind(['per_noor'], { limit: 1 }))[0]).toEqual(third)
  })

  test('some by their ids, each once, in the order of the ids', async () => {
    const { store } = await open()
    const [first, second] = [madeRequest(), madeRequest()]
    for (const request of [second, first]) await store.commit(submission(request))

    expect(await store.requestsOf([second.id, 'req_none', first.id, first.id])).toEqual([first, second])
    expect(await store.requestsOf([])).toEqual([])
  })

  test('whom those ask that wait for a decision, or for a review', async () => {
    const { store } = await open()
    const [first, second, third, settled] = [madeRequest(), madeRequest(), madeRequest(), madeRequest()]
    for (const request of [first, second, third, settled]) await store.commit(submission(request))
    await store.commit(approval(settled))
    const glass = madeRequest()
    await store.commit(submission(glass))
    await store.commit(smashed(glass))
    const ids = async (query: Parameters<Store['asking']>[0]) =>
      (await store.asking(query)).map(({ id }) => id)

    expect(await ids({ waits: 'decision', limit: 2 })).toEqual([third.id, second.id])
    expect(await ids({ waits: 'decision', limit: 2, before: second.id })).toEqual([first.id])
    expect(await ids({ waits: 'review', limit: 10 })).toEqual([glass.id])
    expect(await ids({ waits: 'review', limit: 10, before: glass.id })).toEqual([])
    const { id, requirement, escalations, behind } = third
    expect(await store.asking({ waits: 'decision', limit: 1 })).toEqual([
      { id, requirement, escalations, behind: [...new Set(behind.map(({ person }) => person))] },
    ])
  })
}
