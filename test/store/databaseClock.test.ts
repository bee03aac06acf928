import { expect, onTestFinished, test } from 'vitest'
import { databaseClock } from '../../src/store/databaseClock.ts'
import { silent } from './opened.ts'

const start = Date.parse('2026-11-24T14:00:00Z')

/** A database and a machine whose clocks the test moves. */
async function world() {
  const warned: unknown[] = []
  const times = { database: start, elapsed: 5_000, local: 0, waits: 0, broken: false }
  const pass = (milliseconds: number) => {
    times.database += milliseconds
    times.elapsed += milliseconds
    times.local += milliseconds
  }
  const readTime = async () => {
    pass(times.waits) // until a connection is free
    times.elapsed += 10 // the way there
    const now = new Date(times.database)
    times.elapsed += 10 // the way back
    if (times.broken) throw new Error('away')
    return now
  }
  const clock = await databaseClock({
    readTime,
    log: { ...silent, warn: (facts: unknown) => void warned.push(facts) },
    elapsed: () => times.elapsed,
    local: () => times.local,
  })
  onTestFinished(() => clock.stop())
  return { times, clock, pass, warned }
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

test('an answer that was long under way does not move the time by half of that', async () => {
  const { clock, times, pass } = await world()
  const off = () => clock.now().getTime() - times.database
  const before = off()

  times.waits = 8_000
  await clock.measure()
  pass(1_000)

  expect(Math.abs(off() - before)).toBeLessThan(100)
})

test('control: unless the time is another than it can have been', async () => {
  const { clock, times } = await world()
  times.database += 3_600_000

  times.waits = 8_000
  await clock.measure()

  expect(Math.abs(clock.now().getTime() - times.database)).toBeLessThan(4_100)
})

test('counts on while the database is away', async () => {
  const { clock, times, pass } = await world()
  times.broken = true

  await clock.measure()
  pass(1_000)

  expect(clock.now().getTime()).toBeGreaterThanOrEqual(start + 1_000)
})

test.each([
  ['ahead', 7_200_000],
  ['back', -7_200_000],
  ['back by little more than a second', -1_200],
])('a step of the database’s own clock %s is told with its size, once', async (_, step) => {
  const { times, clock, pass, warned } = await world()
  pass(60_000)
  await clock.measure()

  times.database += step
  pass(60_000)
  await clock.measure()
  pass(60_000)
  await clock.measure()

  const [told] = warned
  expect(warned).toHaveLength(1)
  expect(told).toMatchObject({ stepMs: expect.closeTo(step, -3) })
})

test('control: drift, and a measurement that took long, are no step', async () => {
  const { times, clock, pass, warned } = await world()
  for (let minute = 0; minute < 120; minute += 1) {
    times.database += 20
    pass(60_000)
    if (minute % 60 === 59) await clock.measure()
  }

  expect(warned).toEqual([])
})
