import { expect, onTestFinished, test } from 'vitest'
import { databaseClock } from '../../src/store/databaseClock.ts'
import { silent } from './opened.ts'

const start = Date.parse('2026-11-24T14:00:00Z')

/** A database and a machine whose clocks the test moves. */
async function world() {
  const times = { database: start, elapsed: 5_000, local: 0, broken: false }
  const readTime = async () => {
    times.elapsed += 10 // the way there
    const now = new Date(times.database)
    times.elapsed += 10 // the way back
    if (times.broken) throw new Error('away')
    return now
  }
  const clock = await databaseClock({
    readTime,
    log: silent,
    elapsed: () => times.elapsed,
    local: () => times.local,
  })
  onTestFinished(() => clock.stop())
  const pass = (milliseconds: number) => {
    times.database += milliseconds
    times.elapsed += milliseconds
    times.local += milliseconds
  }
  return { times, clock, pass }
}

test("tells the database's time, whatever this machine's clock says", async () => {
  const { clock, pass } = await world()

  pass(60_000)

  expect(clock.now().getTime()).toBe(start + 10 + 60_000)
})

test('does not jump when somebody sets this machine’s clock, and measures again', async () => {
  const { clock, times } = await world()

  times.local += 3_600_000
  const now = clock.now().getTime()
  await clock.measure()

  expect(now).toBe(start + 10)
  expect(clock.now().getTime()).toBe(start + 10)
})

test('catches up after the machine slept', async () => {
  const { clock, times } = await world()
  times.database += 3_600_000
  times.local += 3_600_000

  clock.now()
  await clock.measure() // the one that the call above began

  expect(clock.now().getTime()).toBe(start + 3_600_000 + 10)
})

test('counts on while the database is away', async () => {
  const { clock, times, pass } = await world()
  times.broken = true

  await clock.measure()
  pass(1_000)

  expect(clock.now().getTime()).toBeGreaterThanOrEqual(start + 1_000)
})
