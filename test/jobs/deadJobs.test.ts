import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createLookRound } from '../../src/jobs/lookRound.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { opened, silent } from '../store/opened.ts'
import { heardHealth } from '../support/health.ts'

const add = (key: string) =>
  `SELECT graphile_worker.add_job('note', '{"secret":"hunter2"}', job_key := '${key}')`

/** Looks round as a worker does, whenever the test says so. */
async function looking(tasks: readonly string[] = ['note']) {
  const store = await opened()
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const heard = heardHealth()
  const round = createLookRound({
    tasks,
    share: tasks.join(', '),
    log: pino({ level: 'warn' }, sink),
    health: heard.health,
  })
  const session = await store.pool.connect()
  onTestFinished(() => session.release())
  return {
    ...store,
    heard,
    look: () => round(session),
    log: () => lines.join(''),
    jobs: async () =>
      (await store.pool.query('SELECT key, attempts FROM graphile_worker.jobs ORDER BY id')).rows,
  }
}

test.each([
  ['replaced', add('one'), [{ key: 'one', attempts: 0 }]],
  ['dropped', `SELECT graphile_worker.remove_job('one')`, []],
])('a job that is %s while it runs leaves nothing behind when it then fails', async (_, meanwhile, left) => {
  const { pool } = await opened()
  let begun = 0
  let fail = () => {}
  const note = () =>
    new Promise<void>((_resolve, reject) => {
      begun += 1
      fail = () => reject(new Error('failed'))
    })
  const { health, raised } = heardHealth()
  const worker = await startWorker({ pool, tasks: { note }, log: silent, health })
  onTestFinished(() => {
    fail()
    return worker.stop()
  })
  const jobs = async () =>
    (await pool.query('SELECT key, attempts FROM graphile_worker.jobs WHERE locked_at IS NULL ORDER BY id'))
      .rows
  await pool.query(add('one'))
  await expect.poll(() => begun).toBe(1)
  // The one that takes its place must not be done before this one has failed.
  await pool.query(`UPDATE graphile_worker._private_tasks SET identifier = 'later' WHERE identifier = 'note'`)

  await pool.query(meanwhile)
  expect(
    (await pool.query('SELECT key, attempts FROM graphile_worker.jobs WHERE locked_at IS NOT NULL')).rows,
  ).toEqual([{ key: null, attempts: 25 }])
  fail()

  await expect.poll(jobs).toEqual(left)
  expect(raised).toEqual([])
})

test('control: a job that was replaced while it runs is left to whoever has it in hand', async () => {
  const { pool, look, jobs } = await looking()
  await pool.query(add('one'))
  await pool.query(`UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'somebody'`)
  await pool.query(add('one'))

  await look()

  expect(await jobs()).toEqual([
    { key: null, attempts: 25 },
    { key: 'one', attempts: 0 },
  ])
})

test('jobs that failed for good are told once each, by task and id and never by what they hold', async () => {
  const { pool, look, log, heard } = await looking()
  await pool.query(add('one'))
  await pool.query(add('two'))
  await pool.query(`UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = 'no'`)

  await look()
  await look()

  expect(heard.now()).toEqual(['jobs_dead'])
  expect(heard.raised.at(-1)?.detail).toContain('2 of note')
  expect(log().match(/failed for good/g)).toHaveLength(2)
  expect(log()).toContain('"task":"note"')
  expect(log()).not.toContain('hunter2')
})

test('an operator tries dead jobs again, or gives them up, as the docs say, and the condition is over', async () => {
  const { pool, look, heard, jobs } = await looking()
  for (const key of ['one', 'two']) await pool.query(add(key))
  await pool.query(`UPDATE graphile_worker._private_jobs SET attempts = max_attempts`)
  await look()
  const dead = await pool.query(
    `SELECT id, task_identifier, key, attempts, last_error FROM graphile_worker.jobs WHERE attempts >= max_attempts`,
  )
  const [first, second] = dead.rows.map(({ id }) => String(id))

  await pool.query(`SELECT graphile_worker.reschedule_jobs(ARRAY[${first}], run_at := now(), attempts := 0)`)
  await pool.query(`SELECT graphile_worker.complete_jobs(ARRAY[${second}])`)
  await look()

  expect(heard.now()).toEqual([])
  expect(await jobs()).toEqual([{ key: 'one', attempts: 0 }])
})

test('control: jobs that will be tried again, that run, or that another share does are not dead', async () => {
  const { pool, look, heard } = await looking(['other'])
  await pool.query(add('one'))
  await pool.query(`UPDATE graphile_worker._private_jobs SET attempts = max_attempts`)
  await pool.query(`SELECT graphile_worker.add_job('other', '{}', job_key := 'two')`)
  await pool.query(`SELECT graphile_worker.add_job('other', '{}', job_key := 'three')`)
  await pool.query(`UPDATE graphile_worker._private_jobs SET attempts = 24 WHERE key = 'two'`)
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET attempts = 25, locked_at = now(), locked_by = 'x' WHERE key = 'three'`,
  )

  await look()

  expect(heard.now()).toEqual([])
})
