import { once } from 'node:events'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startWorker } from '../../src/jobs/worker.ts'
import { opened } from '../store/opened.ts'
import { withClient } from '../support/database.ts'

const log = pino({ level: 'silent' })
const add = `SELECT graphile_worker.add_job('note', '{}', queue_name := 'one', job_key := gen_random_uuid()::text)`

/** A worker on a database of its own; `notes` counts the jobs it has done, `hold` keeps the next ones in hand. */
async function atWork(databaseUrl?: string) {
  const store = await opened(databaseUrl)
  let held: Promise<unknown> = Promise.resolve()
  let [begun, done] = [0, 0]
  const note = async () => {
    begun += 1
    await held
    done += 1
  }
  const worker = await startWorker({ pool: store.pool, tasks: { note }, log })
  onTestFinished(() => worker.stop())
  return {
    ...store,
    worker,
    begun: () => begun,
    done: () => done,
    hold: (until: Promise<unknown>) => {
      held = until
    },
    add: () => store.pool.query(add),
  }
}

const cutAllConnections = (databaseUrl: string) =>
  withClient(databaseUrl, (client) =>
    client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    ),
  )

test('jobs that a dead process held are done by the next one within seconds, not hours', async () => {
  const { databaseUrl, pool } = await opened()
  await pool.query(add)
  await pool.query(add)
  await pool.query(
    `UPDATE graphile_worker._private_job_queues SET locked_at = now() - interval '4 seconds', locked_by = 'pool-dead'`,
  )
  await pool.query(`UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '4 seconds', locked_by = 'pool-dead'
    WHERE id = (SELECT min(id) FROM graphile_worker._private_jobs)`)

  const { done } = await atWork(databaseUrl)

  await expect.poll(done).toBe(2)
})

test('control: jobs that a living process holds stay with it', async () => {
  const first = await atWork()
  const release = new EventTarget()
  first.hold(once(release, 'go'))
  await first.add()
  await expect.poll(first.begun).toBe(1)
  await first.pool.query(`UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 minute'`)
  await first.pool.query(
    `UPDATE graphile_worker._private_job_queues SET locked_at = now() - interval '1 minute'`,
  )

  const second = await atWork(first.databaseUrl) // looks for jobs of the dead before it says that it has started

  const { rows } = await second.pool.query('SELECT locked_by FROM graphile_worker._private_jobs')
  expect(rows).toEqual([{ locked_by: expect.stringMatching(/^pool-/) }])
  release.dispatchEvent(new Event('go'))
  await expect.poll(first.done).toBe(1)
  expect(second.begun()).toBe(0)
})

test.each(['while it runs', 'as it ends'])(
  'a database that goes away under a job, %s, does not end the work',
  async (when) => {
    const work = await atWork()
    const release = new EventTarget()
    work.hold(once(release, 'go'))
    await work.add()
    await expect.poll(work.begun).toBe(1)

    const cut = cutAllConnections(work.databaseUrl)
    if (when === 'while it runs') await cut
    release.dispatchEvent(new Event('go'))
    await cut
    await expect
      .poll(() =>
        work.add().then(
          () => 'added',
          () => 'failed',
        ),
      )
      .toBe('added')

    await expect.poll(work.done).toBeGreaterThanOrEqual(2)
  },
)

test('stopping lets the job in hand finish, and can come when the work has ended already', async () => {
  const work = await atWork()
  const release = new EventTarget()
  work.hold(once(release, 'go'))
  await work.add()
  await expect.poll(work.begun).toBe(1)

  const stopped = work.worker.stop()
  release.dispatchEvent(new Event('go'))
  await stopped

  expect(work.done()).toBe(1)
  await work.worker.stop()
})
