import { describe, expect, test } from 'vitest'
import { routes } from '../../src/http/routes.ts'
import { type House, openHouse, type Reply, replyOf } from './house.ts'

/*
 * The table of routes, walked line by line: what each line promises about strangers and limits holds for all of them,
 * also for those that are added tomorrow.
 */
const methodsOf = (method: string) => (method === 'GET' ? ['GET', 'HEAD'] : [method])
const lines = routes.flatMap((route) =>
  methodsOf(route.method).map((method) => ({ ...route, method, path: pathOf(route.url) })),
)
/** That a route is for the operator alone is looked at in operator.test.ts. */
const guarded = lines.filter(({ credentials }) => credentials.startsWith('agent'))
const forPeople = lines.filter(({ credentials }) => credentials === 'auditor' || credentials === 'person')
const open = lines.filter((line) => !guarded.includes(line) && !forPeople.includes(line))
const slow = { perSecond: 1, burst: 1 }

/** Each kind of stranger, with what they send. */
const strangers: readonly [string, Readonly<Record<string, string>>][] = [
  ['nothing', {}],
  ['a wrong key', { authorization: `Bearer csk_${'0'.repeat(26)}_${'A'.repeat(43)}` }],
  ['a password', { authorization: 'Basic YmlsbGluZy1hZ2VudDp4' }],
  [
    'a signature by somebody else',
    {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(Date.parse('2026-11-24T14:00:00Z') / 1_000)),
      'webhook-signature': `v1,${Buffer.alloc(32, 7).toString('base64')}`,
    },
  ],
]

describe('a stranger', () => {
  describe.each(guarded)('at $method $url', ({ method, path }) => {
    test.each(strangers)('with %s is refused, whatever the body and the limits', async (_, headers) => {
      const house = await openHouse({ submissions: slow, otherCalls: slow })

      for (let calls = 0; calls < 3; calls += 1)
        expectStranger(await nonsense(house, { method, path, headers }))

      // Nothing of the agent's was spent: its first call is not too fast, its second one is, and a stranger still is one.
      expect((await nonsense(house, { method, path, headers: house.key })).status).not.toBe(429)
      expect((await nonsense(house, { method, path, headers: house.key })).status).toBe(429)
      expectStranger(await nonsense(house, { method, path, headers }))
    })
  })

  test.each(forPeople)('and an agent is refused at $method $url', async ({ method, path }) => {
    const house = await openHouse()

    for (const [, headers] of [...strangers, ['an agent', house.key] as const])
      expectStranger(await nonsense(house, { method, path, headers }))
  })

  test.each(open)('is answered at $method $url', async ({ method, path }) => {
    const house = await openHouse()

    expect((await replyOf(await fetch(house.url + path, { method }))).status).toBe(200)
  })
})

describe('every line', () => {
  test.each([...guarded, ...forPeople])('$method $url counts its calls', ({ limit }) => {
    expect(['submissions', 'otherCalls']).toContain(limit)
  })

  test.each(open)('$method $url says why no limit is needed', ({ limit }) => {
    expect(limit).toEqual({ none: expect.stringMatching(/^[A-Z].+\.$/) })
  })

  test('has an address of its own', () => {
    const addresses = routes.map(({ method, url }) => `${method} ${url}`)

    expect(new Set(addresses).size).toBe(addresses.length)
  })

  test('control: some need credentials, and some do not', () => {
    expect(guarded.length).toBeGreaterThan(3)
    expect(open.length).toBeGreaterThan(3)
  })
})

function pathOf(url: string): string {
  return url.replace(':id', `req_${'0'.repeat(26)}`)
}

/** A call whose body nobody could read, where the method has one: whoever looks at it before the rest would say so. */
async function nonsense(
  house: House,
  { method, path, headers }: { method: string; path: string; headers: Readonly<Record<string, string>> },
): Promise<Reply> {
  const url = `${house.url}${path}?agent=billing-agent`
  if (method !== 'POST') return replyOf(await fetch(url, { method, headers }))
  const body = '{"a":1,"a":2'
  return replyOf(await fetch(url, { method, headers: { 'content-type': 'text/plain', ...headers }, body }))
}

function expectStranger(reply: Reply) {
  expect(reply.status).toBe(401)
  expect(reply.headers.get('www-authenticate')).toBe('Bearer')
  if (reply.text !== '') expect(reply.body).toMatchObject({ code: 'unauthenticated' })
}
