import { expect, test } from 'vitest'
import type { Store } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { withClient } from '../support/database.ts'
import { approval, approved, madeLine, madeRequest, submission } from './made.ts'
import { jobKeys, opened } from './opened.ts'

const fifty = Array.from({ length: 50 }, (_, index) => index)

test('of fifty changes to one request at once, exactly one is applied', async () => {
  const { store } = await opened()
  const request = madeRequest()
  await store.commit(submission(request))

  const outcomes = await Promise.all(fifty.map(() => store.commit(approval(request))))

  expect(outcomes.filter((one) => one === 'applied')).toHaveLength(1)
  expect(outcomes.filter((one) => one === 'conflict')).toHaveLength(49)
  expect(await store.request(request.id)).toMatchObject({ version: 2 })
  expect(await store.entries(request.id)).toHaveLength(2)
})

test('fifty people on two replicas decide at once and every decision is kept', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const request = madeRequest()
  await first.store.commit(submission(request))

  await Promise.all(fifty.map((n) => addDecision(n % 2 ? first.store : second.store, request.id, `per_${n}`)))

  const after = await first.store.request(request.id)
  expect(after?.version).toBe(51)
  expect(new Set(after?.decisions.map((one) => one.person)).size).toBe(50)
  expect(await second.store.entries(request.id)).toHaveLength(51)
})

async function addDecision(store: Store, id: string, person: string): Promise<void> {
  for (;;) {
    const before = await store.request(id)
    if (!before) throw new Error('the request is gone')
    const next: ActionRequest = {
      ...approved(before, person),
      state: 'pending',
      settledAt: null,
      outcome: null,
    }
    const lines = [madeLine({ request: id, type: 'decision.made' })]
    if ((await store.commit({ request: { expected: before.version, next }, entries: lines })) === 'applied')
      return
  }
}

test('a change that loses its race does not cost its neighbours in the same batch', async () => {
  const { store } = await opened()
  const requests = fifty.map(() => madeRequest())
  await Promise.all(requests.map((request) => store.commit(submission(request))))
  const stale = requests[7]
  if (stale) await store.commit(approval(stale))

  const outcomes = await Promise.all(requests.map((request) => store.commit(approval(request))))

  expect(outcomes.map((one) => one === 'conflict')).toEqual(requests.map((request) => request === stale))
})

test('a change that the database cannot write fails alone', async () => {
  const { store } = await opened()
  const requests = fifty.map((n) => madeRequest(n === 20 ? { idempotencyKey: 'nul \u0000' } : {}))

  const outcomes = await Promise.allSettled(requests.map((request) => store.commit(submission(request))))

  expect(outcomes.map((one) => one.status === 'rejected')).toEqual(fifty.map((n) => n === 20))
  expect(await store.requests({ limit: 100 })).toHaveLength(49)
})

test('two replicas that touch the same records in opposite order never deadlock', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const requests = fifty.map(() => madeRequest())
  await Promise.all(requests.map((request) => first.store.commit(submission(request))))

  const settle = (store: Store, order: readonly ActionRequest[]) =>
    order.map((one) => store.commit(approval(one)))
  const outcomes = await Promise.all([
    ...settle(first.store, requests),
    ...settle(second.store, requests.toReversed()),
  ])

  expect(outcomes.filter((one) => one === 'applied')).toHaveLength(50)
  expect(outcomes.filter((one) => one === 'conflict')).toHaveLength(50)
  const { rows } = await first.pool.query(
    `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
  )
  expect(rows).toEqual([{ deadlocks: '0' }])
})

test('a request that two replicas make with the same key exists once', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)

  const outcomes = await Promise.all(
    fifty.map((n) =>
      (n % 2 ? first : second).store.commit(submission(madeRequest({ idempotencyKey: 'retry' }))),
    ),
  )

  expect(outcomes.filter((one) => one === 'applied')).toHaveLength(1)
  expect(await first.store.requests({ limit: 10 })).toHaveLength(1)
  expect(await jobKeys(first)).toHaveLength(2)
})

test('the positions of entries are the order of commits, without holes between two replicas that anybody could see', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const seen: number[] = []
  let writing = true
  const watching = (async () => {
    while (writing) {
      const { rows } = await first.pool.query<{ count: string; last: string }>(
        'SELECT count(*), max(position) AS last FROM entries',
      )
      seen.push(Number(rows[0]?.last ?? 0) - Number(rows[0]?.count ?? 0))
    }
  })()

  const line = (store: Store) => store.commit({ entries: [madeLine({ request: 'req_1' })] })
  await Promise.all(fifty.flatMap(() => [line(first.store), line(second.store)]))
  writing = false
  await watching

  expect(new Set(seen)).toEqual(new Set([0]))
})

test('a deadline is a job in no queue, with its time and without its task in the payload', async () => {
  const open = await opened()
  const request = madeRequest()
  await open.store.commit(submission(request))

  const { rows } = await open.pool.query(
    `SELECT task_identifier, queue_name, jobs.run_at, jobs.max_attempts, payload
     FROM graphile_worker.jobs JOIN graphile_worker._private_jobs USING (id) WHERE jobs.key = $1`,
    [`expire:${request.id}`],
  )

  const expected = {
    task_identifier: 'expire',
    queue_name: null,
    max_attempts: 25,
    run_at: new Date(request.expiresAt ?? ''),
  }
  expect(rows).toEqual([{ ...expected, payload: { request: request.id, at: request.expiresAt } }])
})

test('a commit reads a few rows, however many there are', async () => {
  const { store, close, databaseUrl } = await opened()
  const few = Array.from({ length: 40 }, () => submission())
  const many = Array.from({ length: 1_500 }, () => submission())

  // Plans are made while the tables are empty, and kept.
  for (const change of few.slice(0, 20)) await store.commit(change)
  await Promise.all(many.map((change) => store.commit(change)))
  for (const change of few.slice(20)) await store.commit(change)
  await close()

  // The server writes down what a connection read when that ends, which may be a moment after it was closed.
  const rowsPerCommit = async () => {
    const sum = 'SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS rows FROM pg_stat_user_tables'
    const { rows } = await withClient(databaseUrl, (client) => client.query<{ rows: string }>(sum))
    return Number(rows[0]?.rows) / (few.length + many.length)
  }
  await expect.poll(rowsPerCommit).toBeGreaterThan(1)
  expect(await rowsPerCommit()).toBeLessThan(20)
})
