import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { textFor } from '../../src/slack/text/answers.ts'

const unavailable = (unknown: boolean) =>
  new StoreUnavailable({
    reason: 'full',
    message: 'The database server has no disk space or memory left. (53100)',
    unknown,
    retryAfterSeconds: 30,
    cause: new Error('could not extend file "base/16384/2619"'),
  })

test('a clicker hears whether it is certain that nothing was recorded, and nothing of our insides', () => {
  expect(textFor(unavailable(false))).toContain('nothing was recorded. Try again')
  expect(textFor(unavailable(true))).toContain('not certain that this was recorded. Look at the card')
  for (const unknown of [true, false]) expect(textFor(unavailable(unknown))).not.toMatch(/53100|base\/|disk/)
})

test('control: a bug is told as one', () => {
  expect(textFor(new Error('anything'))).toContain('it is not certain that this was recorded')
})
