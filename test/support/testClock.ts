import type { AgeClock } from '../../src/lifetime/ageClock.ts'

/** A clock that moves only when the test moves it. */
export interface TestClock {
  (): Date
  advance(seconds: number): void
}

export function testClock(start = '2026-11-24T14:00:00.000Z'): TestClock {
  let now = Date.parse(start)
  return Object.assign(() => new Date(now), {
    advance: (seconds: number) => {
      now += seconds * 1_000
    },
  })
}

/** Ages by a clock that the test moves, and whose two halves always agree. */
export function agesOf(clock: () => Date): AgeClock {
  const now = () => clock().getTime()
  return { now, elapsed: now, onJump: () => () => {} }
}
