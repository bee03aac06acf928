import { expect, test } from 'vitest'
import type { AskedBeforeQuery } from '../../src/approvals/queries.ts'
import { digestAction } from '../../src/core/action.ts'
import type { Execution } from '../../src/core/execution.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { moved } from '../support/executing.ts'
import type { Subject } from './contract.ts'
import { madeRequest, submission } from './made.ts'

const query: AskedBeforeQuery = {
  agent: 'agt_1',
  since: '2026-11-01T00:00:00.000Z',
  action: 'db.export',
  longest: 1_000,
  limit: 10,
}
const on = (day: number, change: Partial<ActionRequest> = {}) =>
  madeRequest({ createdAt: `2026-11-${String(day).padStart(2, '0')}T09:00:00.000Z`, ...change })

/** What people were asked about by an agent. */
export function knowsWhatWasAsked(open: () => Promise<Subject>): void {
  async function asked(requests: readonly ActionRequest[], change: Partial<AskedBeforeQuery> = {}) {
    const { store } = await open()
    for (const one of requests) await store.commit(submission(one))
    return { store, found: await store.askedBefore({ ...query, ...change }) }
  }

  test('is found, the newest first, since a moment and no more than is wanted', async () => {
    const [old, second, newest, third] = [on(1), on(10), on(20), on(15)] as const
    const before = madeRequest({ createdAt: '2026-10-31T23:59:59.999Z' })

    const { store, found } = await asked([before, old, second, newest, third])

    expect(found.map(({ id }) => id)).toEqual([newest.id, third.id, second.id, old.id])
    expect((await store.askedBefore({ ...query, limit: 2 })).map(({ id }) => id)).toEqual([
      newest.id,
      third.id,
    ])
    const { action, digest, createdAt } = newest
    expect(found[0]).toEqual({
      ...{ id: newest.id, state: 'pending', action, digest, createdAt, settledAt: null },
      ...{ isEmergency: false, isLiftable: false, hasDeviated: false, isErased: false },
    })
  })

  test('what another agent of whatever name asked, and what nobody was asked about, is not among it', async () => {
    const { agent } = madeRequest()
    const { found } = await asked([
      on(2, { agent: { ...agent, id: 'agt_2' } }),
      on(3, { state: 'approved', expiresAt: null }),
      on(4, { state: 'denied', expiresAt: null }),
    ])

    expect(found).toEqual([])
  })

  test('another action counts, and is not told; neither is one that is too long, nor one of whose parameters says it is', async () => {
    const resource = { type: 'table', id: 'warehouse.users' }
    const of = (action: string, params: ActionRequest['action']['params']) => {
      const made = { action, resource, params, environment: 'prod' }
      return { action: made, digest: digestAction(made) }
    }
    const { found } = await asked([
      on(2, of('db.query', {})),
      on(3, of('db.export', { note: 'x'.repeat(2_000) })),
      on(4, of('db.query', { nested: { action: 'db.export' }, text: '"action":"db.export" \u0000' })),
    ])

    expect(found.map(({ action }) => action)).toEqual([null, null, null])
  })

  test('what has become of it is told', async () => {
    const { store } = await open()
    const { requirement } = madeRequest()
    const liftable = on(2, { requirement: requirement && { ...requirement, legs: [] } })
    const strayed = on(3)
    for (const one of [liftable, strayed]) await store.commit(submission(one))
    await moved(store, strayed.id, 'approve', 'redeem')
    const running = await store.request(strayed.id)
    if (!running) throw new Error('it was asked')
    const report: Execution = {
      state: 'succeeded',
      by: { kind: 'agent', id: 'agt_1' },
      action: null,
      digest: null,
      result: null,
      links: [],
      note: '"deviations":[{',
      deviations: [{ kind: 'not_redeemed' }],
      at: '2026-11-24T14:20:00.000Z',
    }
    const next: ActionRequest = {
      ...running,
      ...{ version: running.version + 1, executions: [report] },
    }
    await store.commit({ request: { expected: running.version, next }, entries: [] })

    const found = await store.askedBefore(query)

    expect(found.map(({ state, hasDeviated, isLiftable }) => ({ state, hasDeviated, isLiftable }))).toEqual([
      { state: 'executing', hasDeviated: true, isLiftable: false },
      { state: 'pending', hasDeviated: false, isLiftable: true },
    ])
  })
}
