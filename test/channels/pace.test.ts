import { expect, test } from 'vitest'
import { createPace, type Limits } from '../../src/channels/pace.ts'

/** A channel in which changes count as well, and bursts may be longer. */
const limits: Limits = {
  perConversation: 1,
  perMethod: () => 2,
  burst: 6,
  counts: (method) => method !== 'look',
  restAsked: (error) => (error === 'too fast' ? 9 : null),
  placeOf: (conversation) => conversation.toLowerCase(),
}

function paced() {
  let now = 0
  const pace = createPace(() => now, limits)
  const take = (method: string, conversation: string, call: () => Promise<unknown> = async () => {}) =>
    pace.take({ method, conversation, who: null, urgency: 1 }, call).then(
      () => 'sent',
      (fault) => fault.retryAfterSeconds ?? fault,
    )
  return { take, wait: (seconds: number) => (now += seconds * 1_000) }
}

test('where changes of what stands there count, they and what is posted share one pace, however a conversation is named', async () => {
  const { take, wait } = paced()

  for (const method of ['post', 'update', 'post', 'update', 'post', 'update'])
    expect(await take(method, 'ONE')).toBe('sent')
  expect(await take('update', 'one')).toBe(1)
  expect(await take('look', 'one'), 'control: what does not count').toBe('sent')
  expect(await take('update', 'two'), 'control: elsewhere').toBe('sent')
  wait(2)
  expect(await take('update', 'one')).toBe('sent')
})

test('what a channel says of its own about being too fast is heard; control: any other failure is not', async () => {
  const { take, wait } = paced()

  expect(await take('post', 'one', () => Promise.reject('anything else'))).toBe('anything else')
  expect(await take('post', 'one')).toBe('sent')
  expect(await take('update', 'one', () => Promise.reject('too fast'))).toBe('too fast')
  expect(await take('post', 'one')).toBeGreaterThan(1)
  wait(9)
  expect(await take('post', 'one')).toBe('sent')
})
