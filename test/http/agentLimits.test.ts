import { expect, test } from 'vitest'
import { setAgentLimits } from '../../src/approvals/people/agentLimits.ts'
import { deleteBody, exportBody, idIn, openHouse, readBody } from './house.ts'

const limit = { submissions: { perSecond: 1, burst: 4 }, otherCalls: { perSecond: 5, burst: 20 } }
const told = (reply: { readonly headers: Headers }) => [
  reply.headers.get('ratelimit-policy'),
  reply.headers.get('ratelimit'),
]

test('each answer says what is left: what asks people counts whole, what policy allows a fifth', async () => {
  const house = await openHouse(limit)

  const asked = await house.submit(exportBody, { prefer: 'wait=0' })
  expect(asked.status).toBe(202)
  expect(told(asked)).toEqual(['"submissions";q=4;w=4', '"submissions";r=3;t=1'])

  for (let nth = 0; nth < 5; nth += 1) expect((await house.submit(readBody)).status).toBe(201)
  expect(told(await house.submit({}))).toEqual(['"submissions";q=4;w=4', '"submissions";r=1;t=1'])
  expect(told(await house.call('GET', `/v1/requests/${idIn(asked)}`))).toEqual([
    '"other-calls";q=20;w=4',
    '"other-calls";r=19;t=1',
  ])
})

test('an answer that says too fast says when, twice the same', async () => {
  const house = await openHouse({ ...limit, submissions: { perSecond: 0.1, burst: 1 } })
  await house.submit(exportBody, { prefer: 'wait=0' })

  const refused = await house.submit(exportBody)

  expect(refused.status).toBe(429)
  expect(told(refused)).toEqual(['"submissions";q=1;w=10', '"submissions";r=0;t=10'])
  expect(refused.headers.get('retry-after')).toBe('10')
})

test('what asked before under a key counts whole when it is sent again, and so does what policy denies', async () => {
  const house = await openHouse(limit)
  const once = { 'idempotency-key': 'once' }
  await house.submit(readBody, once)

  expect(told(await house.submit(readBody, once))[1]).toBe('"submissions";r=2;t=1')
  expect(told(await house.submit(deleteBody))[1]).toBe('"submissions";r=1;t=1')
})

test('strangers are told nothing', async () => {
  const house = await openHouse(limit)

  expect(told(await house.submit(exportBody, { authorization: 'Bearer csk_x' }))).toEqual([null, null])
  expect(told(await house.call('GET', '/healthz'))).toEqual([null, null])
})

test('what is set for an agent holds from its next call on, also for calls that wait', async () => {
  const house = await openHouse()
  const asked = await house.submit(exportBody, { prefer: 'wait=0' })
  const look = () => house.call('GET', `/v1/requests/${idIn(asked)}`, { headers: { prefer: 'wait=0' } })
  expect((await look()).headers.get('preference-applied')).toBe('wait=0')

  await setAgentLimits(house.ports, {
    name: 'billing-agent',
    by: { email: 'lee@acme.test' },
    via: 'test',
    limits: { perSecond: 2, burst: 3, waiting: 0 },
  })

  const looked = await look()
  expect(told(looked)).toEqual(['"other-calls";q=15;w=2', '"other-calls";r=14;t=1'])
  expect(looked.headers.get('preference-applied')).toBeNull()
})
