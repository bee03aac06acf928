import { expect, test } from 'vitest'
import { keepTrying, type Patience } from '../../src/lifetime/keepTrying.ts'

const quick = { firstWaitMs: 1, longestWaitMs: 4 }

/** Fails so many times, then works; counts its attempts. */
function failing(times: number) {
  const seen = { attempts: 0 }
  const attempt = async () => {
    seen.attempts += 1
    if (seen.attempts <= times) throw new Error(`fault ${seen.attempts}`)
    return 'done'
  }
  return { seen, attempt }
}

test('what fails is tried until it works, after waits that double up to the longest', async () => {
  const { attempt } = failing(5)
  const waits: number[] = []

  expect(await keepTrying(attempt, { ...quick, onFault: (_, wait) => void waits.push(wait) })).toBe('done')

  expect(waits).toEqual([1, 2, 4, 4, 4])
})

test('what the other side asked for is waited at least', async () => {
  const waits: number[] = []
  const patience: Patience = {
    ...quick,
    askedToWaitMs: () => 9,
    onFault: (_, wait) => void waits.push(wait),
  }

  await keepTrying(failing(1).attempt, patience)

  expect(waits).toEqual([9])
})

test('after so many tries the last fault is the answer', async () => {
  const { seen, attempt } = failing(9)

  await expect(keepTrying(attempt, { ...quick, tries: 3 })).rejects.toThrow('fault 3')
  expect(seen.attempts).toBe(3)
})

test('a fault that cannot pass is not tried again', async () => {
  const { seen, attempt } = failing(9)

  await expect(keepTrying(attempt, { ...quick, mayPass: () => false })).rejects.toThrow('fault 1')
  expect(seen.attempts).toBe(1)
})

test.each(['before it begins', 'while an attempt hangs', 'while it waits'])(
  'it ends with the reason of the signal, %s',
  async (when) => {
    const ending = new AbortController()
    const end = () => ending.abort(new Error('told to stop'))
    if (when === 'before it begins') end()
    const attempt = () =>
      when === 'while an attempt hangs' ? new Promise(() => {}) : Promise.reject(new Error('no'))
    const patience = { firstWaitMs: 3_600_000, longestWaitMs: 3_600_000, signal: ending.signal }

    const trying = keepTrying(attempt, { ...patience, onFault: () => setImmediate(end) })
    if (when === 'while an attempt hangs') setImmediate(end)

    await expect(trying).rejects.toThrow('told to stop')
  },
)
