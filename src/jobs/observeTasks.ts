import type { JobHelpers } from 'graphile-worker'
import { inSpan } from '../tracing/span.ts'
import type { Tasks } from './tasks.ts'

/** How one run of a job ended. One whose channel refused has ended well: it waits again under a time of its own. */
export interface EndedJob {
  readonly task: string
  readonly failed: boolean
  readonly seconds: number
}

/** The same tasks, each run in a span of its own and timed. A job begins a trace: what asked for it is long answered. */
export function observeTasks(tasks: Tasks, ended: (job: EndedJob) => void): Tasks {
  const observed = Object.entries(tasks).map(([task, run]) => [
    task,
    async (payload: unknown, helpers: JobHelpers) => {
      const began = performance.now()
      let failed = true
      try {
        await inSpan({ name: `job ${task}`, kind: 'consumer', facts: requestOf(payload) }, async () => {
          await run?.(payload, helpers)
        })
        failed = false
      } finally {
        ended({ task, failed, seconds: (performance.now() - began) / 1_000 })
      }
    },
  ])
  return Object.fromEntries(observed)
}

function requestOf(payload: unknown): { readonly 'countersign.request'?: string } {
  const isAbout = typeof payload === 'object' && payload !== null && 'request' in payload
  return isAbout && typeof payload.request === 'string' ? { 'countersign.request': payload.request } : {}
}
