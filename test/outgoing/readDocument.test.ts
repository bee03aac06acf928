import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { rangesIn } from '../../src/outgoing/ranges.ts'
import { documentReader } from '../../src/outgoing/readDocument.ts'

const opened = rangesIn('127.0.0.0/8') ?? []
const reader = (change: Partial<Parameters<typeof documentReader>[0]> = {}) =>
  documentReader({ opened, ownOrigin: 'https://countersign.test', version: '0.0.0', limit: 500, ...change })

/** On the loopback; what it was asked for. */
async function serving(answer: RequestListener) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { asked, url: `http://127.0.0.1:${port}/keys` }
}

test('a document is read whole', async () => {
  const { url } = await serving((_, response) => {
    response.write('{"keys"')
    response.end(':[]}')
  })

  expect(await reader()(url)).toBe('{"keys":[]}')
})

describe('nothing is read', () => {
  test.each<[string, RequestListener, string]>([
    ['of an error', (_, response) => response.writeHead(500).end('{}'), 'it answered 500'],
    [
      'where it leads to another address: that one was not configured',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'it answered 302',
    ],
    ['of what never comes', () => undefined, 'it did not answer in time'],
    ['of what never ends', (_, response) => void response.write('{"keys":['), 'it did not answer in time'],
    ['that is too long', (_, response) => void response.end('x'.repeat(300_000)), 'its answer is too long'],
    ['that is cut off', (request) => void request.socket.destroy(), 'it closed the connection'],
  ])('%s', async (_, answer, why) => {
    const { url, asked } = await serving(answer)

    await expect(reader()(url)).rejects.toThrow(why)
    expect(asked).toEqual(['/keys'])
  })

  test('ssrf: in our own network, unless the operator has opened it', async () => {
    const { url, asked } = await serving((_, response) => void response.end('{}'))

    await expect(reader({ opened: [] })(url)).rejects.toThrow('not one that is asked')
    await expect(
      reader({ opened: [], lookUp: (_, found) => found(null, [{ address: '127.0.0.1', family: 4 }]) })(
        'https://login.example.com/keys',
      ),
    ).rejects.toThrow('a network that nothing is sent to')
    expect(asked).toEqual([])
  })
})
