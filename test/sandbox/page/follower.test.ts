import { expect, test } from 'vitest'
import { createFollower } from '../../../src/sandbox/page/agentPanel/follower.ts'
import type { Answer } from '../../../src/sandbox/page/agentPanel/requestClient.ts'

const pending = (id: string) => ({ id, state: 'pending' })
const settled = (id: string): Answer => ({ is: 'request', request: { id, state: 'approved' } })
const refused = (status: number): Answer => ({
  is: 'problem',
  problem: { status, code: 'x', title: 'x', detail: '', errors: [] },
})
const ignore = () => {}

/** A server that answers a long wait when it is told to, and any other look with `now`. */
function server(now: (id: string) => Answer) {
  const looks: string[] = []
  const release = new Map<string, () => void>()
  const look = ({ id, waitSeconds, signal }: { id: string; waitSeconds: number; signal: AbortSignal }) => {
    looks.push(`${id} ${waitSeconds}`)
    if (waitSeconds === 0) return Promise.resolve(now(id))
    return new Promise<Answer>((resolve) => {
      release.set(id, () => resolve(settled(id)))
      signal.addEventListener('abort', () => resolve(refused(0)))
    })
  }
  return { look, looks, release: (id: string) => release.get(id)?.() }
}

test('a request is waited for until it is settled', async () => {
  const { look, looks, release } = server(settled)
  const heard: Answer[] = []

  const following = createFollower({ look, pause: async () => {} }).follow({
    key: 'k',
    request: pending('a'),
    onAnswer: (answer) => heard.push(answer),
  })
  release('a')
  await following

  expect(looks).toEqual(['a 25'])
  expect(heard).toEqual([settled('a')])
})

test('only the newest holds a connection; the one before it is looked at now and then, and still heard', async () => {
  const { look, looks, release } = server(settled)
  const follower = createFollower({ look, pause: async () => {} })
  const heard: Answer[] = []

  const first = follower.follow({ key: 'k', request: pending('a'), onAnswer: (answer) => heard.push(answer) })
  const second = follower.follow({ key: 'k', request: pending('b'), onAnswer: ignore })
  await first
  release('b')
  await second

  expect(looks).toEqual(['a 25', 'b 25', 'a 0'])
  expect(heard).toEqual([settled('a')])
})

test('a server that is away is asked again, a request that is gone is not', async () => {
  const answers = [refused(0), refused(503), refused(404)]
  let looks = 0
  const look = async () => answers[looks++] ?? settled('a')

  await createFollower({ look, pause: async () => {} }).follow({
    key: 'k',
    request: pending('a'),
    onAnswer: ignore,
  })

  expect(looks).toBe(3)
})

test('stopping ends the waiting without an answer', async () => {
  const { look } = server(settled)
  const follower = createFollower({ look, pause: async () => {} })
  const heard: Answer[] = []

  const following = follower.follow({
    key: 'k',
    request: pending('a'),
    onAnswer: (answer) => heard.push(answer),
  })
  follower.stop()
  await following

  expect(heard).toEqual([])
})

test('a glance looks at once, beside the long wait', async () => {
  const { look, looks, release } = server((id) => ({ is: 'request', request: { ...pending(id), legs: 1 } }))
  const follower = createFollower({ look, pause: async () => {} })
  const heard: Answer[] = []
  const followed = { key: 'k', request: pending('a'), onAnswer: (answer: Answer) => heard.push(answer) }
  const following = follower.follow(followed)

  await follower.glance(followed)

  expect(looks).toEqual(['a 25', 'a 0'])
  expect(heard).toEqual([{ is: 'request', request: { id: 'a', state: 'pending', legs: 1 } }])
  release('a')
  await following
})

test('many glances while one is under way are one more look, so that the last change is seen', async () => {
  let looks = 0
  const answers: (() => void)[] = []
  const look = () => {
    looks += 1
    return new Promise<Answer>((resolve) => answers.push(() => resolve(settled('a'))))
  }
  const follower = createFollower({ look, pause: async () => {} })
  const followed = { key: 'k', request: pending('a'), onAnswer: ignore }

  const first = follower.glance(followed)
  for (let i = 0; i < 9; i += 1) void follower.glance(followed)
  answers.shift()?.()
  await expect.poll(() => looks).toBe(2)
  answers.shift()?.()
  await first

  expect(looks).toBe(2)
})

test('a glance that gets no answer says nothing: the long wait will', async () => {
  const heard: Answer[] = []
  const follower = createFollower({ look: async () => refused(503), pause: async () => {} })

  await follower.glance({ key: 'k', request: pending('a'), onAnswer: (answer) => heard.push(answer) })

  expect(heard).toEqual([])
})
