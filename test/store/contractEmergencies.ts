import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import { commandJob, jobKey } from '../../src/approvals/job.ts'
import type { Store } from '../../src/approvals/ports.ts'
import type { ActionRequest, BrokenGlass, Escalated } from '../../src/core/request.ts'
import type { Subject } from './contract.ts'
import { at, madeLine, madeRequest, submission } from './made.ts'

const escalated: Escalated = {
  at,
  by: 'per_bob',
  reason: 'Everybody \u0000 is on a plane',
  to: { ref: 'group:security', kind: 'group', address: 'slack:S0SEC' },
  legs: ['data-owner'],
}

export const madeBrokenGlass: BrokenGlass = {
  person: 'per_grace',
  account: 'slack:T0ACME:U0GRACE',
  reason: 'INC-4711 \u0000 é 𝕏',
  at,
  via: 'slack',
  reviewBy: '2026-11-25T14:00:00.123Z',
  review: null,
}

export const madeReview = {
  person: 'per_sam',
  account: 'slack:T0ACME:U0SAM',
  note: 'As \u0000 announced',
  at: '2026-11-25T09:00:00.000Z',
} as const

/** A change of one request by one version. */
export function changed(request: ActionRequest, change: Partial<ActionRequest>): Change {
  return {
    request: { expected: request.version, next: { ...request, version: request.version + 1, ...change } },
    entries: [madeLine({ request: request.id })],
  }
}

export const smashed = (request: ActionRequest): Change =>
  changed(request, {
    state: 'approved',
    outcome: 'Approved.',
    settledAt: at,
    brokenGlass: madeBrokenGlass,
  })

const read = async (store: Store, id: string): Promise<ActionRequest> => {
  const found = await store.request(id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

/** What the port promises of escalations, broken glasses and reviews. */
export function keepsEmergencies(open: () => Promise<Subject>): void {
  test('come back exactly, at every step of a request', async () => {
    const { store } = await open()
    const request = madeRequest()
    await store.commit(submission(request))

    const steps: ((now: ActionRequest) => Change)[] = [
      (now) => changed(now, { escalations: [escalated] }),
      (now) => changed(now, { escalations: [escalated, { ...escalated, by: 'deadline', reason: null }] }),
      smashed,
      (now) => changed(now, { brokenGlass: { ...madeBrokenGlass, review: madeReview } }),
    ]
    for (const step of steps) {
      const change = step(await read(store, request.id))
      expect(await store.commit(change)).toBe('applied')
      expect(await store.request(request.id)).toEqual(change.request?.next)
    }
  })

  test('requests under review are listed until the review is closed', async () => {
    const { store } = await open()
    const requests = [madeRequest(), madeRequest(), madeRequest()]
    for (const request of requests) await store.commit(submission(request))
    const [first, second] = requests
    if (!first || !second) throw new Error('two were made')
    await store.commit(smashed(first))
    await store.commit(smashed(second))
    const listed = async (query: object = {}) =>
      (await store.requests({ underReview: true, limit: 10, ...query })).map(({ id }) => id)

    expect(await listed()).toEqual([second.id, first.id])
    expect(await listed({ before: second.id })).toEqual([first.id])
    const reviewed = { ...madeBrokenGlass, review: madeReview }
    await store.commit(changed(await read(store, second.id), { brokenGlass: reviewed }))
    expect(await listed()).toEqual([first.id])
  })

  test('jobs of each kind wait under keys of their own', async () => {
    const { store, jobKeys } = await open()
    const request = madeRequest()
    const person = { request: request.id, account: 'a', via: 'slack', card: null, delivery: 'click 1' }
    const jobs = [
      { task: 'escalate', request: request.id, nth: 0, at },
      { task: 'escalate', request: request.id, nth: 1, at },
      { task: 'alarm', request: request.id, why: 'broken' },
      { task: 'alarm', request: request.id, why: 'overdue' },
      { task: 'review', request: request.id, at },
      commandJob({ verb: 'close_review', attempt: { ...person, note: 'x' } }),
    ] as const

    await store.commit({ entries: [], jobs })

    expect(await jobKeys()).toEqual(jobs.map((job) => jobKey(job)).sort())
    expect(new Set(jobs.map((job) => jobKey(job))).size).toBe(jobs.length)
  })
}
