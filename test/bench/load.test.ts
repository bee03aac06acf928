import { expect, test } from 'vitest'
import { atOnce } from '../../bench/load/atOnce.ts'

const load = () => ({
  width: 2,
  until: { count: 5 },
  surprises: new Map<string, number>(),
  stopping: new AbortController().signal,
})

test('what surprises is counted, and the load goes on to its end', async () => {
  const started = load()

  const done = await atOnce(started, async (n) => {
    if (n === 1) throw new Error('the connection was reset')
    return n === 2 ? 'the agent heard pending' : 7
  })

  expect(done.count).toBe(3)
  expect(done.took).toEqual([7, 7, 7])
  expect([...started.surprises].sort()).toEqual([
    ['the agent heard pending', 1],
    ['the connection was reset', 1],
  ])
})

test('nothing is begun any more when the bench is told to stop', async () => {
  const stopping = new AbortController()

  const done = await atOnce({ ...load(), width: 1, stopping: stopping.signal }, async (n) => {
    if (n === 1) stopping.abort()
    return 1
  })

  expect(done.count).toBe(2)
})
