import { expect, test } from 'vitest'
import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import { narrowingBundle } from '../support/narrowingBundle.ts'
import { attemptBy } from '../support/world.ts'
import { exportBody, idIn, openHouse } from './house.ts'

const body = { ...exportBody, action: 'data.dump', params: { rows: 5_000, columns: ['id', 'name'] } }

test('the agent that waits hears that it was narrowed, and exactly what is left; lists and the new one say so, too', async () => {
  const house = await openHouse()
  house.setPolicy(narrowingBundle())
  const id = idIn(await house.submit(body))
  const waiting = house.call('GET', `/v1/requests/${id}`, { headers: { prefer: 'wait=55' } })
  await house.watched()
  const attempt = { ...attemptBy(id, 'U0BOB'), lowered: { rows: 400 }, reason: 'Enough.', seen: 'facts' }
  await narrow(house.ports, attempt)

  const { body: heard } = await waiting
  expect(heard).toMatchObject({
    ...{ state: 'denied', outcome_code: 'narrowed', decisions: [], narrows: null },
    narrowed_to: {
      ...{ action: 'data.dump', resource: body.resource, environment: body.environment },
      ...{
        params: { rows: 400, columns: ['id', 'name'] },
        by: expect.stringMatching(/^per_/),
        reason: 'Enough.',
      },
    },
  })
  const { narrowed_to: left } = heard as { narrowed_to: { id: string; digest: string } }
  const less = await house.call('GET', `/v1/requests/${left.id}`)
  expect(less.body).toMatchObject({
    ...{ id: left.id, digest: left.digest, state: 'approved', narrows: id, narrowed_to: null },
    ...{ outcome_code: 'approved' },
  })
  const refused = await house.call('POST', `/v1/requests/${id}/grant`)
  expect(refused.body).toMatchObject({ code: 'not_approved' })
  const list = await house.call('GET', '/v1/requests?state=denied')
  expect(list.body).toMatchObject({ requests: [{ id, narrowed_to: { id: left.id } }] })
})
