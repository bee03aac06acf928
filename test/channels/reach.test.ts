import { expect, onTestFinished, test, vi } from 'vitest'
import { reachOf } from '../../src/channels/reach.ts'
import { heardHealth } from '../support/health.ts'

test('one that is slow to answer is asked again only once it has answered', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const reach = reachOf(heardHealth().health, {
    ...{ name: 'Teams', proof: 'our app', isBeside: false, fixes: {} },
    part: (of) => of,
  })
  reach.refused('Unauthorized')
  const answers: (() => void)[] = []
  const stop = reach.watch(() => new Promise((_, reject) => answers.push(() => reject(new Error('refused')))))
  onTestFinished(stop)

  await vi.advanceTimersByTimeAsync(15_000 * 4)
  expect(answers).toHaveLength(1)
  answers[0]?.()
  await vi.advanceTimersByTimeAsync(15_000)

  expect(answers).toHaveLength(2)
})
