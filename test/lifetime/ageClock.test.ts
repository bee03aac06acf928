import { describe, expect, test } from 'vitest'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'

const hours = 3_600_000

/** Two clocks of one machine, which the test moves. */
function machine() {
  const times = { elapsed: 5_000, wall: Date.parse('2026-11-24T14:00:00Z') }
  const ages = createAgeClock({ elapsed: () => times.elapsed, wall: () => times.wall })
  let jumps = 0
  ages.onJump(() => {
    jumps += 1
  })
  const pass = (milliseconds: number) => {
    times.elapsed += milliseconds
    times.wall += milliseconds
  }
  return { times, ages, pass, jumps: () => jumps }
}

test('control: while the clocks agree an age is the time that passed, and nobody is told anything', () => {
  const { ages, pass, jumps } = machine()
  const before = ages.now()

  for (let hour = 0; hour < 5; hour += 1) pass(hours)

  expect(ages.now() - before).toBe(5 * hours)
  expect(jumps()).toBe(0)
})

describe('clock: somebody sets the clock of this machine', () => {
  test.each([
    ['two hours back', -2 * hours],
    ['two hours ahead', 2 * hours],
    ['a little more than a second back', -1_001],
    ['a little more than a second ahead', 1_001],
  ])('%s: an age is never less than what passed, and everybody who remembers is told once', (_, step) => {
    const { times, ages, pass, jumps } = machine()
    const before = ages.now()

    pass(65_000)
    times.wall += step
    expect(ages.now() - before).toBeGreaterThanOrEqual(65_000)
    pass(10_000)

    expect(ages.now() - before).toBeGreaterThanOrEqual(75_000)
    expect(jumps()).toBe(1)
  })

  test('in many small steps: they are added up', () => {
    const { times, ages, pass, jumps } = machine()

    for (let step = 0; step < 4; step += 1) {
      pass(1_000)
      times.wall -= 300
      ages.now()
    }

    expect(jumps()).toBe(1)
    expect(ages.now()).toBeGreaterThanOrEqual(4_000)
  })

  test('control: what a time server corrects bit by bit is no jump', () => {
    const { times, ages, pass, jumps } = machine()

    for (let step = 0; step < 3; step += 1) {
      pass(60_000)
      times.wall += 300
      ages.now()
    }

    expect(jumps()).toBe(0)
  })
})

test('a machine that slept ages by the wall clock, which counted the sleep', () => {
  const { times, ages, jumps } = machine()
  const before = ages.now()

  times.wall += hours

  expect(ages.now() - before).toBe(hours)
  expect(jumps()).toBe(1)
})

test('a tool that sets both clocks back is noticed too, although they go on agreeing', () => {
  const { ages, pass, jumps } = machine()
  ages.now()

  pass(-2 * hours)
  ages.now()

  expect(jumps()).toBe(1)
})

test('time-outs see the monotonic clock only', () => {
  const { times, ages } = machine()
  const before = ages.elapsed()

  times.wall += 2 * hours
  times.elapsed += 10

  expect(ages.elapsed() - before).toBe(10)
})

test('whoever does not want to hear any more is not told', () => {
  const { times, ages } = machine()
  let told = 0
  const stop = ages.onJump(() => {
    told += 1
  })
  stop()

  times.wall += hours
  ages.now()

  expect(told).toBe(0)
})
