import type { JobHelpers } from 'graphile-worker'

/** What the queue gives a job with its first attempt, as far as a task looks at it. */
export const firstAttempt = {
  query: async () => ({}),
  job: { id: '1', attempts: 1 },
} as unknown as JobHelpers
