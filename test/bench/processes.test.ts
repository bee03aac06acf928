import { expect, test } from 'vitest'
import { processorOf, together } from '../../bench/machine/meter.ts'
import { familyOf, memoryOf, processorTimeOf } from '../../bench/machine/processes.ts'

/** No process: numbers of processes are above zero. */
const nobody = 0

test('what a process used that is not there is not known', () => {
  expect(processorTimeOf([nobody])).toBeNaN()
  expect(memoryOf([nobody])).toBeNaN()
  expect(familyOf(nobody)).toEqual([nobody])
})

test('several stretches add up, and a part that was not looked at is not known', () => {
  const spent = (server: number) => ({
    wall: 10,
    processor: new Map([['server', server]]),
    ours: 5,
    busy: 6,
    all: 20,
  })
  const both = together([spent(3), spent(4)])

  expect(both).toMatchObject({ wall: 20, ours: 10, busy: 12, all: 40 })
  expect(processorOf(both, 'server')).toBe(7)
  expect(processorOf(both, 'server', 'database')).toBeNaN()
})
