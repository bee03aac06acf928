import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { exportBody, type House, idIn, openHouse } from './house.ts'

const plain = Buffer.from(JSON.stringify(exportBody))
const ask = (house: House, coding: string | null, body: Buffer) =>
  house.call('POST', '/v1/requests', {
    headers: { 'content-type': 'application/json', ...(coding !== null && { 'content-encoding': coding }) },
    body: new Uint8Array(body),
  })

describe('a body with a content coding', () => {
  test.each([
    ['gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['identity, gzip', gzipSync(plain)],
    ['none-such', plain],
    ['gzip', plain],
  ])('%s is 415, says what is taken, and asks for nothing', async (coding, body) => {
    const house = await openHouse()

    const reply = await ask(house, coding, body)

    expect(reply).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    expect(reply.body).toMatchObject({ detail: 'Send the body as it is, without Content-Encoding.' })
    expect(reply.headers.get('accept-encoding')).toBe('identity')
    expect(await house.ports.store.requests({ limit: 10 })).toEqual([])
  })

  test('is refused where a body is optional as well', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const path = `/v1/requests/${id}/cancel`

    const reply = await house.call('POST', path, { headers, body: new Uint8Array(gzipSync('{}')) })

    expect(reply.status).toBe(415)
    expect((await house.ports.store.request(id))?.state).toBe('pending')
  })

  test('a stranger with one is a stranger', async () => {
    const house = await openHouse()
    const headers = { authorization: 'Bearer csk_x', 'content-encoding': 'gzip' }

    expect((await house.call('POST', '/v1/requests', { headers, body: '{}' })).status).toBe(401)
  })

  test.each([null, 'identity', 'Identity', ''])('control: %s is none', async (coding) => {
    const house = await openHouse()

    expect((await ask(house, coding, plain)).status).toBe(202)
  })
})

test('another media type is 415 and says which one is taken', async () => {
  const house = await openHouse()

  const reply = await house.submit(exportBody, { 'content-type': 'text/plain' })

  expect(reply.status).toBe(415)
  expect(reply.headers.get('accept')).toBe('application/json')
})
