import { expect, test } from 'vitest'
import { type Job, queueOf } from '../../src/approvals/job.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'

const cardJobs = (request: string): readonly Job[] => [
  { task: 'announce', request },
  { task: 'refresh', request },
  { task: 'remind', request, nth: 0, at: '2026-11-24T14:00:00.000Z' },
]

test('what changes the cards of one request stands in one queue', () => {
  const request = randomIds.next('req')
  expect(new Set(cardJobs(request).map(queueOf)).size).toBe(1)
  expect(queueOf({ task: 'announce', request })).toMatch(/^cards-\d+$/)
})

test('a deadline never waits behind a slow channel', () => {
  expect(queueOf({ task: 'expire', request: 'req_1', at: '2026-11-24T14:00:00.000Z' })).toBeNull()
})

test('there is a small number of queues, however many requests', () => {
  const queues = Array.from({ length: 2_000 }, () =>
    queueOf({ task: 'announce', request: randomIds.next('req') }),
  )
  expect(new Set(queues).size).toBeGreaterThan(32)
  expect(new Set(queues).size).toBeLessThanOrEqual(64)
})
