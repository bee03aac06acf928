import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createOpenCalls } from '../../src/http/waiting.ts'

/** As much of an answer as is looked at. */
const answer = (destroyed = false) =>
  Object.assign(new EventEmitter(), { destroyed }) as unknown as ServerResponse // the rest is never touched

describe('a call that waits', () => {
  test('is over when its caller hangs up', () => {
    const response = answer()
    const ended = createOpenCalls().begin(response)
    expect(ended.aborted).toBe(false)

    response.emit('close')

    expect(ended.aborted).toBe(true)
  })

  test('is over at once when its caller hung up before it began to wait', () => {
    expect(createOpenCalls().begin(answer(true)).aborted).toBe(true)
  })

  test('is over when the server closes, and so is one that begins then', () => {
    const calls = createOpenCalls()
    const ended = calls.begin(answer())

    calls.endAll()

    expect([ended.aborted, calls.begin(answer()).aborted]).toEqual([true, true])
  })
})
