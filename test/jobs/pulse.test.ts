import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createPulse } from '../../src/jobs/pulse.ts'

/** A pulse on a clock that the test moves, and what a runner says. */
function felt() {
  let now = 0
  const pulse = createPulse({ elapsed: () => now, hands: 2, quietAfter: 15_000, fullAfter: 300_000 })
  let events: EventEmitter = new EventEmitter()
  return {
    pulse,
    begin: () => {
      events = pulse.beginSession() as EventEmitter // what it says is made up here
    },
    says: (event: string, about: object = {}) => events.emit(event, about),
    pass: (ms: number) => {
      now += ms
    },
  }
}

test('a share that is answered when it asks for work lives, however little there is to do', () => {
  const { pulse, begin, says, pass } = felt()
  begin()

  for (let n = 0; n < 100; n += 1) {
    pass(14_000)
    says('worker:getJob:empty')
    expect(pulse.deadBecause()).toBeNull()
  }
})

test('a share that nothing answers is dead, and says what it hears instead', () => {
  const { pulse, begin, says, pass } = felt()
  begin()
  says('worker:getJob:start')
  says('worker:getJob:error', { error: new Error('cannot execute UPDATE in a read-only transaction') })
  pass(15_001)

  expect(pulse.deadBecause()).toBe(
    'No answer to a worker that asked for work for 15 s: cannot execute UPDATE in a read-only transaction',
  )
  says('worker:getJob:empty')
  expect(pulse.deadBecause()).toBeNull()
})

test('a share with all hands full does not ask, and is dead only when no job ends for long', () => {
  const { pulse, begin, says, pass } = felt()
  begin()
  says('job:start', { job: { id: '1' } })
  says('job:start', { job: { id: '2' } })
  pass(299_000)
  expect(pulse.deadBecause()).toBeNull()

  pass(2_000)
  expect(pulse.deadBecause()).toContain('All slots have been full for 301 s')

  says('job:complete', { job: { id: '1' } })
  expect(pulse.deadBecause()).toContain('No answer')
})

test('another session begins with empty hands, and is not alive before it is answered', () => {
  const { pulse, begin, says, pass } = felt()
  begin()
  says('job:start', { job: { id: '1' } })
  says('job:start', { job: { id: '2' } })
  pass(20_000)
  begin()

  expect(pulse.inHand()).toBe(0)
  expect(pulse.deadBecause()).toContain('No answer')
})
