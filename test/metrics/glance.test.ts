import { describe, expect, test } from 'vitest'
import type { Glance } from '../../src/metrics/glance.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { nothing } from './nothing.ts'
import { samplesOf, valueIn } from './page.ts'

const pageAt = (glance: Partial<Glance>) =>
  createMetrics()
    .page(async () => ({ ...nothing, ...glance }))
    .text()

const stored = {
  ...nothing.stored,
  waiting: 3,
  overdue: 1,
  oldestSeconds: 90,
  stops: 2,
  keysExpiring: 3,
  ledger: { sealed: 70, waiting: 3 },
  streamLag: 12,
  anchoredSeconds: 40,
  policy: { files: 'sha256:a', ageSeconds: 60 },
  replicas: [
    { policy: 'sha256:a', silentSeconds: 1 },
    { policy: 'sha256:b', silentSeconds: 2 },
    { policy: null, silentSeconds: 3 },
    { policy: 'sha256:a', silentSeconds: 60 },
  ],
  jobs: [
    { task: 'expire', due: 2, lateSeconds: 70, dead: 0 },
    { task: 'of an earlier version', due: 1, lateSeconds: 5, dead: 1 },
    { task: 'of another one', due: 1, lateSeconds: 9, dead: 1 },
  ],
} as const

test('what the database says is shown', async () => {
  const page = await pageAt({ stored })
  const said = (name: string, labels = {}) => valueIn(page, `countersign_${name}`, labels)

  expect([said('requests_waiting'), said('requests_overdue'), said('oldest_request_seconds')]).toEqual([
    3, 1, 90,
  ])
  expect(said('policy_age_seconds')).toBe(60)
  expect([said('replicas', { policy: 'active' }), said('replicas', { policy: 'other' })]).toEqual([1, 2])
  expect([said('jobs_due', { task: 'expire' }), said('jobs_late_seconds', { task: 'expire' })]).toEqual([
    2, 70,
  ])
})

test('a task without work is 0, and tasks of other versions have one name together', async () => {
  const page = await pageAt({ stored })

  expect(valueIn(page, 'countersign_jobs_due', { task: 'announce' })).toBe(0)
  expect(valueIn(page, 'countersign_jobs_due', { task: 'other' })).toBe(2)
  expect(valueIn(page, 'countersign_jobs_late_seconds', { task: 'other' })).toBe(9)
  expect(valueIn(page, 'countersign_jobs_dead', { task: 'other' })).toBe(2)
  expect(page).not.toContain('earlier version')
})

test('while the database does not answer, what it said before is gone', async () => {
  const glances: Glance[] = [
    { ...nothing, stored },
    { ...nothing, stored: null },
  ]
  const page = createMetrics().page(async () => glances.shift() ?? nothing)
  const ofStore =
    /_(waiting|overdue|oldest_request_seconds|policy_age_seconds|replicas|jobs_due|jobs_late_seconds|jobs_dead)$/
  const names = async () =>
    new Set(
      samplesOf(await page.text())
        .map(({ name }) => name)
        .filter((name) => ofStore.test(name)),
    )
  expect((await names()).size).toBe(8)

  expect(await names()).toEqual(new Set())
})

describe('whether this replica has confirmed the active policy', () => {
  test.each<[string, Partial<Glance>, number]>([
    ['it judges by it and saw it lately', { stored, judging: { files: 'sha256:a', confirmedSeconds: 3 } }, 1],
    [
      'the database does not answer, and it saw it lately',
      { stored: null, judging: { files: 'sha256:a', confirmedSeconds: 3 } },
      1,
    ],
    ['it saw it long ago', { stored, judging: { files: 'sha256:a', confirmedSeconds: 11 } }, 0],
    ['another is active', { stored, judging: { files: 'sha256:b', confirmedSeconds: 0 } }, 0],
    ['it cannot load it', { stored, judging: { files: null, confirmedSeconds: 0 } }, 0],
    ['none was ever activated', { judging: { files: null, confirmedSeconds: 0 } }, 0],
  ])('%s', async (_, glance, confirmed) => {
    expect(valueIn(await pageAt(glance), 'countersign_policy_confirmed')).toBe(confirmed)
  })
})

test('each condition is 1 while it is raised, and readiness goes by those that make unfit', async () => {
  const degraded = await pageAt({ conditions: [{ code: 'channel_away', detail: 'secret-detail' }] })
  const unfit = await pageAt({ conditions: [{ code: 'cannot_write', detail: '' }] })

  expect(valueIn(degraded, 'countersign_condition', { code: 'channel_away' })).toBe(1)
  expect(valueIn(degraded, 'countersign_condition', { code: 'cannot_write' })).toBe(0)
  expect([degraded, unfit].map((page) => valueIn(page, 'countersign_ready'))).toEqual([1, 0])
  expect(degraded).not.toContain('secret-detail')
})

test('scrapes at the same moment share one look, and the next one looks again', async () => {
  let looks = 0
  const page = createMetrics().page(async () => {
    looks += 1
    return nothing
  })

  const [one, other] = await Promise.all([page.text(), page.text()])
  expect([looks, one === other]).toEqual([1, true])
  await page.text()

  expect(looks).toBe(2)
})
