import { describe, expect, test } from 'vitest'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { done, running } from '../support/rollbackWorld.ts'
import { click } from '../support/world.ts'
import { exportBody, type House, idIn, openHouse } from './house.ts'

const undoBody = { ...exportBody, action: 'table.drop' } as const

async function houseWithDone() {
  const house = await openHouse()
  return { house, first: await done(house) }
}

const read = async (house: House, id: string, headers: Record<string, string> = {}) => {
  const reply = await house.call('GET', `/v1/requests/${id}`, { headers })
  return { reply, body: reply.body === null ? null : requestSchema.strict().parse(reply.body) }
}

describe('a rollback that is asked for later', () => {
  test('answers like every request, and both show each other', async () => {
    const { house, first } = await houseWithDone()

    const reply = await house.submit({ ...undoBody, rolls_back: first.id })

    expect(reply.status).toBe(202)
    expect(reply.body).toMatchObject({ state: 'pending', rolls_back: first.id, rollbacks: [] })
    const { body } = await read(house, first.id)
    expect(body).toMatchObject({ rolls_back: null, rollbacks: [{ id: idIn(reply), state: 'pending' }] })
    const listed = await house.call('GET', '/v1/requests')
    expect(listed.body).toMatchObject({ requests: [{ rollbacks: [] }, { rollbacks: [{ id: idIn(reply) }] }] })
  })

  test('is something new about what it undoes, and so is each of its moves', async () => {
    const { house, first } = await houseWithDone()
    const tag = async () => (await read(house, first.id)).reply.headers.get('etag') ?? ''
    const before = await tag()
    const id = idIn(await house.submit({ ...undoBody, rolls_back: first.id }))
    const asked = await tag()
    await click(house, id, 'U0GRACE')
    const approved = await tag()

    expect(new Set([before, asked, approved]).size).toBe(3)
    expect((await read(house, first.id, { 'if-none-match': approved })).reply.status).toBe(304)
    expect((await read(house, first.id, { 'if-none-match': asked })).reply.status).toBe(200)
  })

  test.each([
    ['what does not exist', async () => 'req_01kaxyz0000000000000000000', 404, 'unknown_request'],
    ['what is executing', async (house: House) => (await running(house)).request.id, 409, 'nothing_to_undo'],
    [
      'what has a rollback',
      async (house: House) => {
        const { id } = await done(house)
        await house.submit({ ...undoBody, rolls_back: id })
        return id
      },
      409,
      'rollback_exists',
    ],
    ['what is no id', async () => 'req_1', 400, 'invalid_request'],
  ] as const)('of %s is refused', async (_, first, status, code) => {
    const house = await openHouse()

    const reply = await house.submit({ ...undoBody, rolls_back: await first(house) })

    expect([reply.status, reply.body]).toMatchObject([status, { code }])
  })

  test('one that policy allows comes without its grant', async () => {
    const { house, first } = await houseWithDone()

    const reply = await house.submit({ ...undoBody, action: 'repo.read', rolls_back: first.id, grant: true })

    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({ state: 'approved', grant: null, rolls_back: first.id })
    const minted = await house.call('POST', `/v1/requests/${idIn(reply)}/grant`)
    expect(minted.status).toBe(201)
  })
})
