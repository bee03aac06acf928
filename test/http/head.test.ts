import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { exportBody, idIn, openHouse } from './house.ts'

interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: number
}

/** By Node's own client, which counts what really came. */
function head(url: string, headers: Record<string, string> = {}): Promise<Head> {
  return new Promise((resolve, reject) => {
    request(url, { method: 'HEAD', headers, agent: false }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('HEAD is answered as GET is, without the body', () => {
  test.each(['/healthz', '/readyz', '/errors', '/openapi.json'])('at %s', async (path) => {
    const house = await openHouse()
    const get = await house.call('GET', path)

    const { status, headers, bytes } = await head(house.url + path)

    expect([status, bytes]).toEqual([200, 0])
    for (const name of ['content-type', 'cache-control', 'x-content-type-options'])
      expect(headers[name]).toBe(get.headers.get(name))
    expect(headers['content-length']).toBe(String(Buffer.byteLength(get.text)))
  })

  test('when the server is not ready, with the status that load balancers go by', async () => {
    const house = await openHouse({ conditions: async () => [{ code: 'cannot_write', detail: 'away' }] })

    expect(await head(`${house.url}/readyz`)).toMatchObject({ status: 503, bytes: 0 })
    expect(await head(`${house.url}/healthz`)).toMatchObject({ status: 200, bytes: 0 })
  })

  test('at a request, for its agent only', async () => {
    const house = await openHouse()
    const path = `/v1/requests/${idIn(await house.submit(exportBody))}`
    const get = await house.call('GET', path)

    const asAgent = await house.call('HEAD', path)

    expect([asAgent.status, asAgent.text, asAgent.headers.get('etag')]).toEqual([
      200,
      '',
      get.headers.get('etag'),
    ])
    expect(await head(house.url + path)).toMatchObject({ status: 401, bytes: 0 })
  })

  test('control: what has no GET has no HEAD, and neither does what is not there', async () => {
    const house = await openHouse()

    expect(await head(`${house.url}/v1/requests/req_1/cancel`)).toMatchObject({ status: 405, bytes: 0 })
    expect(await head(`${house.url}/nowhere`)).toMatchObject({ status: 404, bytes: 0 })
  })
})
