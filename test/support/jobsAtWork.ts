import { pino } from 'pino'
import { type Channel, ChannelFault } from '../../src/approvals/channelPort.ts'
import { type Job, jobKey } from '../../src/approvals/job.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import { firstAttempt } from './firstAttempt.ts'
import type { MemoryStore } from './memoryStore.ts'
import type { TestClock } from './testClock.ts'

/** The worker of a world in memory: runs what is due when the test says so, as the real one would. */
export function jobsAtWork(house: {
  readonly ports: Ports
  readonly store: MemoryStore
  readonly channel: Channel
  readonly clock: TestClock
}) {
  const { ports, store, channel, clock } = house
  const tasks = tasksFor(ports, channel, pino({ level: 'silent' }))
  /** When a job that had to wait is tried again. */
  const later = new WeakMap<Job, string>()
  const timeOf = (job: Job) => later.get(job) ?? (('at' in job && job.at) || '')
  const due = () => [...store.jobs.values()].filter((job) => timeOf(job) <= clock().toISOString())
  /** The queue tries a job that has to wait again, within seconds. */
  const again = (job: Job) => async (fault: unknown) => {
    if (!(fault instanceof ChannelFault)) throw fault
    later.set(job, new Date(clock().getTime() + 5_000).toISOString())
    return 'again' as const
  }
  const runDue = async (): Promise<void> => {
    for (let round = 0; round < 50; round += 1) {
      const jobs = due().sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
      if (jobs.length === 0) return
      for (const job of jobs) {
        if (store.jobs.get(jobKey(job)) !== job) continue
        const { task, ...payload } = job
        const work = async () => tasks[task]?.(JSON.parse(JSON.stringify(payload)), firstAttempt)
        const ended = await work().catch(again(job))
        if (ended !== 'again' && store.jobs.get(jobKey(job)) === job)
          await store.commit({ entries: [], dropJobs: [jobKey(job)] })
      }
    }
    throw new Error('the jobs never come to an end')
  }
  return {
    runDue,
    /** Lets so many seconds pass, one by one, and runs what falls due in each. */
    pass: async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1)
        await runDue()
      }
    },
    /** Seconds until the next job of a request whose key begins so; null when there is none. */
    next: (prefix: string): number | null => {
      const times = [...store.jobs].filter(([key]) => key.startsWith(prefix)).map(([, job]) => timeOf(job))
      return times.length === 0 ? null : (Date.parse(times.sort()[0] ?? '') - clock().getTime()) / 1_000
    },
  }
}

export type JobsAtWork = ReturnType<typeof jobsAtWork>
