import { EventEmitter } from 'node:events'
import type { WorkerEvents } from 'graphile-worker'
import { expect, onTestFinished, test } from 'vitest'
import type { Job } from '../../src/approvals/job.ts'
import { hearOfDue } from '../../src/jobs/dueJobs.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { opened, silent } from '../store/opened.ts'
import { nobodyHears } from '../support/health.ts'

/** Nobody looks by themselves while a test lasts: whatever is begun was announced. */
const pollEvery = 3_600_000

/** Both shares of the jobs, as a server has them: `begun` are the requests of the refreshing ones, in order. */
async function atWork() {
  const { store, pool } = await opened()
  const begun: string[] = []
  const work = async (payload: unknown) => void begun.push((payload as { request: string }).request)
  for (const tasks of [{ expire: work }, { refresh: work, announce: work }]) {
    const options = { pool, tasks, log: silent, health: nobodyHears.health, pollEvery, watch: store.watch }
    const worker = await startWorker(options)
    onTestFinished(() => worker.stop())
  }
  const add = (...jobs: Job[]) => store.commit({ entries: [], jobs })
  return { begun, add }
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

test('a job for later, and one of another share, wake no hand', async () => {
  const { store } = await opened()
  const events: WorkerEvents = new EventEmitter()
  const woken: number[] = []
  const client = {
    emit: (_: string, { payload }: { payload: string }) => woken.push(JSON.parse(payload).count),
    query: async () => undefined,
  }
  onTestFinished(hearOfDue({ watch: store.watch, events, tasks: ['refresh'], hands: 8 }))
  events.emit('pool:listen:success', { client } as never)
  await expect.poll(() => woken, { message: 'all look once, at the beginning' }).toEqual([8])

  const at = '2999-01-01T00:00:00.000Z'
  await store.commit({ entries: [], jobs: [{ task: 'refresh', request: 'req_0', at }] })
  await store.commit({ entries: [], jobs: [{ task: 'announce', request: 'req_1' }] })
  // Notifications come in the order of commits: what those before would have woken stands here by now.
  const due = [1, 2].map((nth) => ({ task: 'refresh', request: `req_${nth}` }) as const)
  await store.commit({ entries: [], jobs: due })

  await expect.poll(() => woken, { message: 'control: as many as are due' }).toEqual([8, 2])
})
