import { expect, test } from 'vitest'
import { exportBody, openHouse } from './house.ts'
import { expectPromised } from './promised.ts'

test('control: an answer that tells more than openapi.json promises, or less, is noticed', async () => {
  const house = await openHouse()
  const reply = await house.submit(exportBody)
  const { id, ...without } = reply.body as Record<string, unknown> // the request, as JSON
  const check = (body: unknown) => () => expectPromised('POST', '/v1/requests', { ...reply, body })

  expect(check({ id, ...without })).not.toThrow()
  expect(check({ id, ...without, secret: 'x' })).toThrow()
  expect(check(without)).toThrow()
})
