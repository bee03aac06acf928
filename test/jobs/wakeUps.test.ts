import { expect, onTestFinished, test } from 'vitest'
import type { Job } from '../../src/approvals/job.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { opened, silent } from '../store/opened.ts'
import { nobodyHears } from '../support/health.ts'

/** Nobody looks by themselves while a test lasts: whatever is begun was announced. */
const pollEvery = 3_600_000

/** Both shares of the jobs, as a server has them: `begun` are the requests of the refreshing ones, in order. */
async function atWork() {
  let statements = 0
  const { store, pool } = await opened(undefined, { statementEnded: () => void (statements += 1) })
  const begun: string[] = []
  const work = async (payload: unknown) => void begun.push((payload as { request: string }).request)
  for (const tasks of [{ expire: work }, { refresh: work, announce: work }]) {
    const options = { pool, tasks, log: silent, health: nobodyHears.health, pollEvery, watch: store.watch }
    const worker = await startWorker(options)
    onTestFinished(() => worker.stop())
  }
  const add = (...jobs: Job[]) => store.commit({ entries: [], jobs })
  return { begun, add, statements: () => statements }
}

test('every job is begun because it was announced, however many are at once', async () => {
  const { begun, add } = await atWork()

  for (let round = 0; round < 15; round += 1) {
    const requests = Array.from({ length: 6 }, (_, nth) => `req_${round}_${nth}`)
    await Promise.all(requests.map((request) => add({ task: 'refresh', request })))
    await expect.poll(() => requests.filter((one) => !begun.includes(one))).toEqual([])
  }
})

test('so is one that is asked for while the same is in hand, or has just ended', async () => {
  const { begun, add } = await atWork()

  for (let nth = 1; nth <= 40; nth += 1) {
    await add({ task: 'refresh', request: 'req_1' })
    await expect.poll(() => begun.length).toBeGreaterThanOrEqual(nth)
  }
})

test('and several of one request', async () => {
  const { begun, add } = await atWork()

  for (let round = 1; round <= 15; round += 1) {
    await add({ task: 'announce', request: 'req_1' }, { task: 'refresh', request: 'req_1' })
    await expect.poll(() => begun.length).toBeGreaterThanOrEqual(2 * round)
  }
})

test('a job for later, and one of another share, make no hand look', async () => {
  const { begun, add, statements } = await atWork()
  await add({ task: 'refresh', request: 'req_1' })
  await expect.poll(() => begun.length).toBe(1)
  const before = statements()

  const at = '2999-01-01T00:00:00.000Z'
  await add(...[0, 1, 2, 3, 4, 5].map((nth) => ({ task: 'expire', request: `req_${nth}`, at }) as const))
  for (const nth of [2, 3, 4]) {
    await add({ task: 'refresh', request: `req_${nth}` })
    await expect.poll(() => begun.length).toBe(nth)
  }

  // Four commits; and for each job that is begun one hand that finds it, its end, and one look for more.
  expect(statements() - before).toBeLessThanOrEqual(4 + 4 * 3)
})
