import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, test } from 'vitest'
import { SinkFault } from '../../src/approvals/streams/streamSink.ts'
import type { Recorded } from '../../src/evidence/recorded.ts'
import { createOutgoing } from '../../src/outgoing/outgoing.ts'
import { rangesIn } from '../../src/outgoing/ranges.ts'
import { type WebhookSinkOptions, webhookSink } from '../../src/streams/webhookSink.ts'
import { told } from '../evidence/ocsf/told.ts'
import { eventually } from '../support/eventually.ts'
import { directory, streaming, streamWorld, upTo } from './streamWorld.ts'

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const older = `whsec_${Buffer.alloc(32, 6).toString('base64')}`

interface Got {
  readonly id: string
  readonly body: string
  readonly headers: Record<string, string>
}

/** A receiver on this machine, which answers in turn what it is told to, and then 200. */
async function listening(answers: { readonly status: number; readonly retryAfter?: string }[] = []) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const { status, retryAfter } = answers.shift() ?? { status: 200 }
      const headers = request.headers as Record<string, string>
      if (status < 300) got.push({ id: headers['webhook-id'] ?? '', body, headers })
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in` }
}

function sinkTo(url: string, more: Partial<WebhookSinkOptions> = {}, allow = '127.0.0.0/8') {
  const secretFile = join(directory(), 'secret')
  writeFileSync(secretFile, `${secret}\n`)
  const outgoing = createOutgoing({
    opened: rangesIn(allow) ?? [],
    ownOrigin: 'https://approvals.acme.test',
    baseUrl: 'https://approvals.acme.test',
    version: '0',
    callbackSecret: () => secret,
  })
  const of = {
    name: 'siem',
    begins: 'first',
    atOnce: 3,
    format: 'ocsf',
    ocsf: '1.8.0',
    values: false,
  } as const
  return webhookSink({ ...of, url, secretFile, outgoing, ...more })
}

const send = (sink: ReturnType<typeof sinkTo>, batch: readonly Recorded[]) =>
  sink.take(batch, new AbortController().signal)

const batch = [told('request.submitted', { id: 'ent_a' }, 7), told('request.approved', { id: 'ent_b' }, 8)]

test('a receiver gets entries in order, signed, under an id that stays the same when they come again', async () => {
  const { got, url } = await listening()
  const sink = sinkTo(url)

  await send(sink, batch)
  await send(sink, batch)

  const [first, second] = got
  const events = new Webhook(secret).verify(first?.body ?? '', first?.headers ?? {}) as { metadata: object }[]
  expect(events.map(({ metadata }) => metadata)).toMatchObject([
    { sequence: 7, uid: 'ent_a' },
    { sequence: 8, uid: 'ent_b' },
  ])
  expect(first?.id).toBe('siem-7-8-ent_b')
  expect(second?.id).toBe(first?.id)
})

test('while one secret follows the other, both sign', async () => {
  const { got, url } = await listening()
  const secretFile = join(directory(), 'both')
  writeFileSync(secretFile, `${secret}\n${older}\n`)

  await send(sinkTo(url, { secretFile }), batch)

  for (const one of [secret, older])
    expect(() => new Webhook(one).verify(got[0]?.body ?? '', got[0]?.headers ?? {})).not.toThrow()
})

test('an id is another when the entries are others, also at the same index', async () => {
  const { got, url } = await listening()
  const sink = sinkTo(url)

  await send(sink, [told('request.submitted', { id: 'ent_lost' }, 7)])
  await send(sink, [told('request.submitted', { id: 'ent_new' }, 7)])

  expect(new Set(got.map(({ id }) => id)).size).toBe(2)
})

test('what would be too large for one message is sent in several', async () => {
  const { got, url } = await listening()
  const large = [7, 8, 9].map((index) => ({
    ...told('decision.made', { id: `ent_${index}` }, index),
    blobs: { reason: 'x'.repeat(400_000) },
  }))

  await send(sinkTo(url, { values: true }), large)

  expect(got.map(({ id }) => id)).toEqual(['siem-7-8-ent_8', 'siem-9-9-ent_9'])
})

test.each([
  [503, {}],
  [301, {}],
  [410, {}],
  [413, { isTooMuch: true }],
])('an answer of %i is a failure', async (status, more) => {
  const { url } = await listening([{ status }])

  const fault = await send(sinkTo(url), batch).catch((thrown: unknown) => thrown)

  expect(fault).toBeInstanceOf(SinkFault)
  expect(fault).toMatchObject({ message: expect.stringContaining(`it answered ${status}`), ...more })
})

test('what a receiver asks to wait is said on', async () => {
  const { url } = await listening([{ status: 429, retryAfter: '7' }])

  await expect(send(sinkTo(url), batch)).rejects.toMatchObject({ retryAfterSeconds: 7 })
})

test('nothing is sent into our own network, unless the operator has opened it', async () => {
  const { got, url } = await listening()
  const sink = sinkTo(url, {}, '10.0.0.0/8')

  await expect(send(sink, batch)).rejects.toThrow(SinkFault)
  expect(await sink.check()).toContain('network')
  await send(sinkTo(url), batch)

  expect(got).toHaveLength(1)
})

test.each(['', 'whsec_short', `${secret}\n${secret}\n${older}`])(
  'a secret that is none is said, and not shown: %j',
  async (text) => {
    const { url } = await listening()
    const secretFile = join(directory(), 'wrong')
    writeFileSync(secretFile, text)

    const fault = await send(sinkTo(url, { secretFile }), batch).catch((thrown: unknown) => thrown)

    expect(fault).toMatchObject({ stands: true })
    expect(String(fault)).not.toContain('whsec_short')
  },
)

test('a receiver that is wrong, deaf to one and slow gets everything in the end, in order', async () => {
  const world = await streamWorld()
  await world.grow(8)
  const { got, url } = await listening([{ status: 500 }, { status: 200 }, { status: 429 }, { status: 413 }])
  streaming(world.feed, [sinkTo(url)])

  await eventually(async () => expect(await world.cursor('siem')).toBe(8))

  const sequences = got.flatMap(({ body }) =>
    JSON.parse(body).map((event: { metadata: { sequence: number } }) => event.metadata.sequence),
  )
  expect(sequences).toEqual(upTo(8))
})
