import { expect, test } from 'vitest'
import { readBacklog } from '../../src/jobs/backlog.ts'
import { opened } from '../store/opened.ts'

const add = (task: string, key: string, at: string) =>
  `SELECT graphile_worker.add_job('${task}', '{}', job_key := '${key}', run_at := now() + interval '${at}')`

test('what is due and in nobody’s hand is behind, with how long; what waits for its time is not', async () => {
  const { pool } = await opened()
  for (const [task, key, at] of [
    ['expire', 'one', '-90 seconds'],
    ['expire', 'two', '-10 seconds'],
    ['expire', 'later', '1 hour'],
    ['remind', 'later too', '1 hour'],
    ['announce', 'in hand', '-1 hour'],
  ] as const)
    await pool.query(add(task, key, at))
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'somebody' WHERE key = 'in hand'`,
  )

  const [expire, ...others] = await readBacklog(pool)

  expect(expire).toMatchObject({ task: 'expire', due: 2, dead: 0 })
  expect(expire?.lateSeconds).toBeGreaterThan(89)
  expect(others).toEqual([])
})

test('what failed for good is dead and not behind; what was replaced while it ran is neither', async () => {
  const { pool } = await opened()
  for (const key of ['dead', 'replaced']) await pool.query(add('expire', key, '-1 hour'))
  await pool.query('UPDATE graphile_worker._private_jobs SET attempts = max_attempts')
  await pool.query(`UPDATE graphile_worker._private_jobs SET key = NULL WHERE key = 'replaced'`)

  expect(await readBacklog(pool)).toEqual([{ task: 'expire', due: 0, lateSeconds: 0, dead: 1 }])
})
