import { describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { closeReview } from '../../src/approvals/closeReview.ts'
import { escalate } from '../../src/approvals/escalate.ts'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { attemptBy } from '../support/world.ts'
import { exportBody, type House, idIn, openHouse } from './house.ts'

async function submitted(house: House, action: string): Promise<string> {
  return idIn(await house.submit({ ...exportBody, action }))
}

async function look(house: House, id: string) {
  return requestSchema.strict().parse((await house.call('GET', `/v1/requests/${id}`)).body)
}

describe('what the agent hears', () => {
  test('of a denial that break-glass may lift: pending, with what the policy said', async () => {
    const house = await openHouse()
    const id = await submitted(house, 'freeze.deploy')

    expect(await look(house, id)).toMatchObject({
      state: 'pending',
      verdict: { kind: 'deny', message: 'Change freeze until 4 January.', errors: [] },
      requirement: { legs: [] },
      broken_glass: null,
    })
  })

  test('of a broken glass: who and until when, not why; then that it was reviewed', async () => {
    const house = await openHouse()
    const id = await submitted(house, 'freeze.deploy')
    const { request } = await breakGlass(house.ports, {
      ...attemptBy(id, 'U0GRACE'),
      reason: 'INC-4711 the status page is down',
      seen: 'facts',
    })

    const broken = await look(house, id)
    expect(broken).toMatchObject({
      state: 'approved',
      broken_glass: {
        by: request.brokenGlass?.person,
        at: '2026-11-24T14:00:00.000Z',
        review_by: '2026-11-25T14:00:00.000Z',
        reviewed_at: null,
      },
    })
    expect(JSON.stringify(broken)).not.toContain('INC-4711')

    await closeReview(house.ports, { ...attemptBy(id, 'U0OMAR'), note: 'Fine.' })
    expect(await look(house, id)).toMatchObject({ broken_glass: { reviewed_at: expect.any(String) } })
  })

  test('of an escalation: when, by whom and to whom', async () => {
    const house = await openHouse()
    const id = await submitted(house, 'node.drain')
    await escalate(house.ports, { ...attemptBy(id, 'U0GRACE'), reason: 'Plane.' })

    expect(await look(house, id)).toMatchObject({
      escalations: [{ by: expect.stringMatching(/^per_/), to: 'group:security', legs: ['platform'] }],
    })
  })
})
