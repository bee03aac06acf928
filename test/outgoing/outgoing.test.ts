import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Message } from '../../src/approvals/webhooks/outgoing.ts'
import type { LookUpAll } from '../../src/outgoing/lookUp.ts'
import { createOutgoing, type OutgoingOptions } from '../../src/outgoing/outgoing.ts'
import { rangesIn } from '../../src/outgoing/ranges.ts'

const loopback = rangesIn('127.0.0.0/8,::1') ?? []
const names =
  (addresses: Readonly<Record<string, readonly (readonly string[])[]>>): LookUpAll =>
  (name, found) => {
    const answers = addresses[name]
    const turn = turns.get(name) ?? 0
    turns.set(name, turn + 1)
    const answer = answers?.[Math.min(turn, answers.length - 1)]
    if (!answer) return found(Object.assign(new Error(name), { code: 'ENOTFOUND' }), [])
    found(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
const turns = new Map<string, number>()

function outgoing(options: Partial<OutgoingOptions> = {}) {
  turns.clear()
  return createOutgoing({
    opened: [],
    ownOrigin: 'https://countersign.test',
    baseUrl: 'https://countersign.test',
    version: '0.0.0',
    callbackSecret: () => '',
    lookUp: names({}),
    ...options,
  })
}

/** A receiver on the loopback: what came, and an address that leads to it. */
async function receiver(answer: RequestListener = (_, response) => response.writeHead(204).end()) {
  const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ headers: request.headers, body })
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    received,
    port,
    url: `http://127.0.0.1:${port}/in`,
    named: (name: string) => `http://${name}:${port}/in`,
  }
}

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const later = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
const message = (url: string, more: Partial<Message> = {}): Message => ({
  url,
  id: 'msg_1',
  at: new Date(),
  body: '{"type":"webhook.test"}',
  secrets: [secret],
  ...more,
})

describe('ssrf: an address is refused', () => {
  test.each([
    'https://127.0.0.1/in',
    'https://127.1/in',
    'https://2130706433/in',
    'https://0x7f.1/in',
    'https://017700000001/in',
    'https://①②⑦.⓪.⓪.①/in',
    'https://0/in',
    'https://0.0.0.0/in',
    'https://10.0.0.8/in',
    'https://172.16.3.4/in',
    'https://192.168.1.1/in',
    'https://100.64.0.1/in',
    'https://169.254.169.254/latest/meta-data',
    'https://198.18.0.1/in',
    'https://192.0.2.1/in',
    'https://224.0.0.1/in',
    'https://255.255.255.255/in',
    'https://[::]/in',
    'https://[::1]/in',
    'https://[::ffff:127.0.0.1]/in',
    'https://[::ffff:7f00:1]/in',
    'https://[64:ff9b::7f00:1]/in',
    'https://[64:ff9b:1::a00:1]/in',
    'https://[2002:7f00:1::]/in',
    'https://[2001:0:7f00:1::]/in',
    'https://[fe80::1]/in',
    'https://[fc00::1]/in',
    'https://[fd00:ec2::254]/in',
    'https://[::2]/in',
    'https://[4000::1]/in',
    'https://[fec0::1]/in',
    'https://[2001:db8::1]/in',
    'https://[ff02::1]/in',
    'https://localhost/in',
    'https://LOCALHOST./in',
    'https://a.localhost/in',
    'https://printer.local/in',
    'https://metadata.google.internal/in',
    'https://inside.acme.test/in',
    'https://mixed.acme.test/in',
    'https://mapped.acme.test/in',
    'https://nowhere.acme.test/in',
    'http://public.acme.test/in',
    'https://public.acme.test:8443/in',
    'https://public.acme.test:22/in',
    'https://lee:hunter2@public.acme.test/in',
    'https://public.acme.test/in#here',
    'ftp://public.acme.test/in',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://public.acme.test\\@127.0.0.1/in',
    'https://public.acme.test /in',
    ' https://public.acme.test/in',
    'public.acme.test/in',
    'https://countersign.test/v1/requests',
    '',
  ])('%s, at the submission and at the delivery', async (url) => {
    const lookUp = names({
      'inside.acme.test': [['10.0.0.8']],
      'mixed.acme.test': [['93.184.215.14', '10.0.0.8']],
      'mapped.acme.test': [['::ffff:10.0.0.8']],
      'public.acme.test': [['93.184.215.14']],
    })

    expect(await outgoing({ lookUp }).refuse(url)).toMatch(/^[A-Z].+\.|WEBHOOK_ALLOW/)
    await expect(outgoing({ lookUp }).post(message(url))).rejects.toMatchObject({ name: 'SendFault' })
  })

  test.each([
    'https://public.acme.test/in',
    'https://public.acme.test:443/in?key=1',
    'https://93.184.215.14/in',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/in',
  ])('control: %s is not', async (url) => {
    const lookUp = names({ 'public.acme.test': [['93.184.215.14']] })

    expect(await outgoing({ lookUp }).refuse(url)).toBeNull()
  })

  test('not because no name server answers: it is asked again at the delivery', async () => {
    const lookUp: LookUpAll = (_, found) => found(Object.assign(new Error(), { code: 'EAI_AGAIN' }), [])

    expect(await outgoing({ lookUp }).refuse('https://public.acme.test/in')).toBeNull()
    await expect(outgoing({ lookUp }).post(message('https://public.acme.test/in'))).rejects.toThrow(
      'no name server answered',
    )
  })

  test('in a range that the operator has opened, it is not, with any port', async () => {
    const opened = rangesIn('10.0.0.0/8, fd00:1::/32') ?? []
    const lookUp = names({ 'hooks.internal': [['10.0.0.8']], 'other.acme.test': [['192.168.1.1']] })
    const { refuse } = outgoing({ opened, lookUp })

    expect(await refuse('http://hooks.internal:8080/in')).toBeNull()
    expect(await refuse('https://[fd00:1::5]/in')).toBeNull()
    expect(await refuse('https://[::ffff:10.1.2.3]/in'), 'it is what is inside').toBeNull()
    expect(await refuse('https://other.acme.test/in'), 'control: another range').not.toBeNull()
    expect(await refuse('http://93.184.215.14/in'), 'elsewhere it is https').not.toBeNull()
    expect(rangesIn('10.0.0.0/8,all')).toBeNull()
  })
})

describe('ssrf: what was checked is what is connected to', () => {
  test('a name that leads elsewhere the second time reaches nothing', async () => {
    const { received, named } = await receiver()
    const lookUp = names({ 'rebound.acme.test': [['10.9.9.9'], ['127.0.0.1']] })
    const sender = outgoing({ opened: rangesIn('10.0.0.0/8') ?? [], lookUp })
    const url = named('rebound.acme.test')
    expect(await sender.refuse(url)).toBeNull()

    await expect(sender.post(message(url))).rejects.toThrow('a network that nothing is sent to')

    expect(received).toEqual([])
    const open = outgoing({ opened: [...loopback, ...(rangesIn('10.0.0.0/8') ?? [])], lookUp })
    await open.refuse(url)
    expect((await open.post(message(url))).status, 'control: where it is allowed').toBe(204)
  })

  test('it is looked up once for a delivery', async () => {
    const { named } = await receiver()
    const lookUp = vi.fn(names({ 'hooks.acme.test': [['127.0.0.1']] }))

    await outgoing({ opened: loopback, lookUp }).post(message(named('hooks.acme.test')))

    expect(lookUp).toHaveBeenCalledTimes(1)
  })

  test.each([301, 302, 303, 307, 308])('a redirect (%s) is an answer, and not followed', async (status) => {
    const inside = await receiver()
    const { url } = await receiver((_, response) =>
      response.writeHead(status, { location: inside.url }).end(),
    )

    expect(await outgoing({ opened: loopback }).post(message(url))).toMatchObject({ status })
    expect(inside.received).toEqual([])
  })

  test('no proxy of the environment is used', async () => {
    const { url, received } = await receiver()
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1')
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1')
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    onTestFinished(() => void vi.unstubAllEnvs())

    await outgoing({ opened: loopback }).post(message(url))

    expect(received).toHaveLength(1)
  })
})

describe('a message', () => {
  test('is signed as Standard Webhooks has it, by each secret', async () => {
    const { url, received } = await receiver()
    const at = new Date()

    await outgoing({ opened: loopback }).post(message(url, { secrets: [later, secret], at }))

    const [{ headers, body }] = received as [(typeof received)[number]]
    const signed = {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    }
    for (const one of [secret, later]) expect(() => new Webhook(one).verify(body, signed)).not.toThrow()
    expect(() => new Webhook(secret).verify(`${body} `, signed), 'control: another body').toThrow()
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(32, 9).toString('base64')}`).verify(body, signed),
    ).toThrow()
    // By hand, as the standard says: no library of ours.
    const seconds = Math.floor(at.getTime() / 1_000)
    const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(`msg_1.${seconds}.${body}`).digest('base64')
    expect(signed['webhook-signature'].split(' ')).toContain(`v1,${mac}`)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Countersign/0.0.0' })
  })

  test.each([
    ['120', 120],
    ['soon', null],
  ])('whose answer says Retry-After: %s', async (header, seconds) => {
    const { url } = await receiver((_, response) => response.writeHead(503, { 'retry-after': header }).end())

    expect(await outgoing({ opened: loopback }).post(message(url))).toEqual({
      status: 503,
      retryAfterSeconds: seconds,
    })
  })

  test.each<[string, RequestListener]>([
    [
      'never ends',
      (_, response) => {
        response.writeHead(200)
        const more = () => response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more))
        more()
      },
    ],
    ['stops half-way', (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('x')],
  ])('is delivered when the body of the answer %s', async (_, answer) => {
    const { url } = await receiver(answer)

    expect(await outgoing({ opened: loopback }).post(message(url))).toMatchObject({ status: 200 })
  })

  test('to nobody says why, and nothing of the address', async () => {
    const { url, port } = await receiver((request) => request.socket.destroy())
    const { post } = outgoing({ opened: loopback })

    await expect(post(message(`${url}?key=hunter2`))).rejects.toThrow('it closed the connection')
    await expect(post(message('http://127.0.0.1:1/hunter2'))).rejects.toThrow('it refused the connection')
    expect(port).toBeGreaterThan(0)
  })
})
