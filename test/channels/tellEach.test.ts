import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { createTelling, toldAtOnce } from '../../src/channels/tellEach.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const many = Array.from({ length: 25 }, (_, nth) => `one-${nth}`)
const fault = (code: string, retryAfterSeconds: number | null = null) =>
  new ChannelFault({ code, message: `post: ${code}`, unknown: false, retryAfterSeconds })

/** Tells them all; `meets` says what one meets, by how often they were tried. */
async function telling(
  people: readonly string[],
  meets: (one: string, nth: number) => ChannelFault | null | Promise<null>,
) {
  const logged: object[] = []
  const tried: string[] = []
  const tellEach = createTelling(Date.now, { warn: (line: object) => void logged.push(line) } as never)
  let most = 0
  let under = 0
  const end = tellEach(people, async (one) => {
    most = Math.max(most, ++under)
    tried.push(one)
    const met = await meets(one, tried.filter((each) => each === one).length)
    under -= 1
    if (met) throw met
  }).then(
    () => 'told',
    (thrown: unknown) => thrown,
  )
  await vi.runAllTimersAsync()
  return { end: await end, logged, tried, most: () => most }
}

test('a few at a time, each once', async () => {
  const { end, logged, tried, most } = await telling(many, () => null)

  expect(end).toBe('told')
  expect(tried).toEqual(many)
  expect(most()).toBe(toldAtOnce)
  expect(logged).toEqual([])
})

test.each(['rate_limited', 'not_yet'])(
  '%s: tried again when they are to come, and nobody else is',
  async (code) => {
    const began = Date.now()
    const { end, logged, tried } = await telling(many, (one, nth) =>
      one === 'one-7' && nth < 3 ? fault(code, 9) : null,
    )

    expect(end).toBe('told')
    expect(tried.slice(many.length)).toEqual(['one-7', 'one-7'])
    expect(Date.now() - began).toBe(18_000)
    expect(logged).toEqual([])
  },
)

test('whom waiting does not help, or does not help soon, is counted for the log', async () => {
  const { end, logged, tried } = await telling(many, (one) =>
    one === 'one-7' ? fault('blocked') : one === 'one-9' ? fault('rate_limited', 600) : null,
  )

  expect(end).toBe('told')
  expect(tried).toHaveLength(many.length)
  expect(logged).toMatchObject([{ untold: 2, of: 25, says: 'post: blocked' }])
})

test('after a minute nobody else is tried: whoever is deaf keeps no worker for ever', async () => {
  const { end, logged, tried } = await telling(many, (one) => {
    if (one !== 'one-0') vi.setSystemTime(Date.now() + 40_000)
    return null
  })

  expect(end).toBe('told')
  expect(tried).toEqual(['one-0', 'one-1', 'one-2'])
  expect(logged).toMatchObject([{ untold: 22, of: 25, says: 'there was no time to try' }])
})

test('where it reached nobody it is thrown at once, and the job comes again; nobody is told of nobody', async () => {
  const { end, tried } = await telling(many, () => fault('rate_limited', 3))

  expect(end).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 3 })
  expect(tried).toEqual(many)
  expect((await telling([], () => null)).end).toBe('told')
})
