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

describe('a rollback that is declared with its action', () => {
  const { initiator: _, ...rollback } = undoBody
  const body = { ...exportBody, rollback }

  test('is made with it, and named by the answer', async () => {
    const house = await openHouse()

    const reply = await house.submit(body)

    expect(reply.status).toBe(202)
    const { id, rollbacks } = requestSchema.strict().parse(reply.body)
    expect(rollbacks).toEqual([{ id: expect.stringMatching(/^req_/), state: 'pending' }])
    const { body: second } = await read(house, rollbacks[0]?.id ?? '')
    expect(second).toMatchObject({ action: 'table.drop', rolls_back: id, state: 'pending', rollbacks: [] })
    expect(second?.digest).not.toBe(requestSchema.parse(reply.body).digest)
  })

  test('is refused with its place', async () => {
    const house = await openHouse()
    const refused = async (sent: Parameters<House['submit']>[0]) => (await house.submit(sent)).body

    expect(await refused({ ...body, rollback: { ...rollback, environment: '' } })).toMatchObject({
      code: 'invalid_request',
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/rollback/environment' })]),
    })
    expect(await refused({ ...body, rollback: { ...rollback, reason: 'because' } })).toMatchObject({
      code: 'invalid_request',
    })
    const first = await done(house)
    expect(await refused({ ...body, rolls_back: first.id })).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/rollback' }],
    })
  })

  test('comes again under the same idempotency key', async () => {
    const house = await openHouse()
    const again = () => house.submit(body, { 'idempotency-key': 'both' })

    const [one, other] = [await again(), await again()]

    expect(other.body).toEqual(one.body)
  })

  test('has a grant only after the action has run', async () => {
    const house = await openHouse()
    const { rollbacks } = requestSchema.parse((await house.submit({ ...body, action: 'repo.read' })).body)
    await click(house, rollbacks[0]?.id ?? '', 'U0GRACE')

    const reply = await house.call('POST', `/v1/requests/${rollbacks[0]?.id}/grant`)

    expect([reply.status, reply.body]).toMatchObject([409, { code: 'nothing_to_undo' }])
  })
})
