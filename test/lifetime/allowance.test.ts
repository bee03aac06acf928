import { expect, test } from 'vitest'
import { createAllowances } from '../../src/lifetime/allowance.ts'

const pace = { perSecond: 2, burst: 3 }

test('says how many are left, and in how many whole seconds there is one more', () => {
  const now = { ms: 1_000_000 }
  const { take } = createAllowances(() => now.ms)
  const slow = { perSecond: 0.1, burst: 2 }

  expect(take('a', slow)).toEqual({ allowed: true, left: 1, nextInSeconds: 10 })
  expect(take('a', slow)).toEqual({ allowed: true, left: 0, nextInSeconds: 10 })
  now.ms += 7_500
  expect(take('a', slow)).toEqual({ allowed: false, left: 0, nextInSeconds: 3 })
  now.ms += 2_500
  expect(take('a', slow)).toEqual({ allowed: true, left: 0, nextInSeconds: 10 })
})

test('whoever gets another pace goes on with what they have left, and no more than a burst of it', () => {
  const { take } = createAllowances(() => 0)
  for (let nth = 0; nth < 3; nth += 1) take('a', { perSecond: 1, burst: 100 })

  expect(take('a', pace)).toMatchObject({ allowed: true, left: 2 })
  expect(take('b', pace)).toMatchObject({ allowed: true, left: 2 })
})

test('a part that is given back counts with others, and is never more than a burst', () => {
  const { take, giveBack } = createAllowances(() => 0)
  take('a', pace)

  expect(giveBack('a', pace, 0.8)).toEqual({ allowed: true, left: 2, nextInSeconds: 1 })
  take('a', pace)
  expect(giveBack('a', pace, 0.8)).toMatchObject({ left: 2 })
  expect(giveBack('a', pace, 0.8)).toMatchObject({ left: 3 })
  expect(giveBack('a', pace, 0.8)).toMatchObject({ left: 3 })
})
