import { pino } from 'pino'
import type { Channel } from '../../src/approvals/channelPort.ts'
import { jobKey } from '../../src/approvals/job.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { firstAttempt } from './firstAttempt.ts'
import type { MemoryStore } from './memoryStore.ts'
import type { TestClock } from './testClock.ts'

/** Runs the corrections that are due once, as the worker would, and leaves every other job alone. */
export async function correctionsAtWork(house: {
  readonly ports: Ports
  readonly store: MemoryStore
  readonly channel: Channel
  readonly clock: TestClock
}): Promise<void> {
  const { ports, store, channel, clock } = house
  const tasks = tasksFor(ports, channel, pino({ level: 'silent' }))
  for (const job of [...store.jobs.values()]) {
    if (job.task !== 'correct' || (job.at ?? '') > clock().toISOString()) continue
    await store.commit({ entries: [], dropJobs: [jobKey(job)] })
    const { task, ...payload } = job
    await tasks[task]?.(JSON.parse(JSON.stringify(payload)), firstAttempt)
  }
}
