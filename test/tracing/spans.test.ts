import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inSpan } from '../../src/tracing/span.ts'
import { exportBody, idIn, openHouse } from '../http/house.ts'
import { agentWith, exportBody as pendingBody, serve, temporaryDirectory } from '../server/serve.ts'
import { openWorkspace, registerAgent } from '../server/workspace.ts'
import { freshDatabase } from '../support/database.ts'
import { click, testWorld } from '../support/world.ts'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
beforeAll(() => provider.register())
beforeEach(() => exporter.reset())
afterAll(async () => {
  await provider.shutdown()
  // Other files share this process.
  for (const api of [trace, context, propagation]) api.disable()
})

const spans = () => exporter.getFinishedSpans()
const named = (name: string) => spans().filter((span) => span.name === name)
const parentOf = (span: ReadableSpan | undefined) =>
  spans().find((one) => one.spanContext().spanId === span?.parentSpanContext?.spanId)

const mark = 'hunter2'
const callersTrace = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${callersTrace}-b7ad6b7169203331-01`

describe('a call', () => {
  test('goes on with the trace of its caller: route, verb, commit', async () => {
    const house = await openHouse()

    const reply = await house.submit(exportBody, { traceparent, baggage: `person=${mark}` })

    const [call] = named('POST /v1/requests')
    expect(call?.spanContext().traceId).toBe(callersTrace)
    expect(call?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    expect(call?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/requests',
      'http.response.status_code': 202,
      'countersign.call': reply.headers.get('x-request-id'),
    })
    const [submit] = named('submit')
    expect(parentOf(submit)).toBe(call)
    expect(submit?.attributes).toEqual({
      'countersign.request': idIn(reply),
      'countersign.verdict': 'require_approval',
    })
  })

  test('without one begins a trace, and one that is not well formed is not taken', async () => {
    const house = await openHouse()

    await house.call('GET', '/healthz')
    await house.call('GET', '/healthz', { headers: { traceparent: `00-${mark}-01` } })

    const calls = named('GET /healthz')
    expect(calls.map((span) => span.parentSpanContext)).toEqual([undefined, undefined])
  })

  test('has the template of its route as its name, never the address', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    exporter.reset()

    await house.call('GET', `/v1/requests/${id}?${mark}=${mark}`)

    expect(spans().map(({ name }) => name)).toEqual(['GET /v1/requests/:id'])
    expect(JSON.stringify(spans().map(({ attributes }) => attributes))).not.toContain(id)
  })

  test('that is refused says why by its code, and is no fault of ours', async () => {
    const house = await openHouse()

    await house.call('GET', '/v1/requests/nothing', { headers: { authorization: `Bearer ${mark}` } })

    const [call] = named('GET /v1/requests/:id')
    expect(call?.attributes).toMatchObject({
      'error.type': 'unauthenticated',
      'http.response.status_code': 401,
    })
    expect(call?.status).toEqual({ code: SpanStatusCode.UNSET })
  })
})

describe('what people do', () => {
  test('is a span with the name of the verb', async () => {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    exporter.reset()

    await click(house, id, 'U0BOB')
    await expect(click(house, id, 'U0ALICE')).rejects.toBeDefined()

    const [approved, refused] = named('approve')
    expect(approved?.attributes).toEqual({ 'countersign.request': id, 'countersign.repeated': false })
    expect(refused?.attributes).toEqual({ 'error.type': 'own_request' })
  })
})

describe('what is thrown', () => {
  const failing = async (thrown: unknown) => {
    await expect(inSpan({ name: 'failing' }, () => Promise.reject(thrown))).rejects.toBe(thrown)
    return named('failing')[0]
  }

  test.each([
    ['an error', new TypeError(mark), 'TypeError'],
    ['an error with a code', Object.assign(new Error(mark), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['a code that could be anything', Object.assign(new Error(mark), { code: `not a ${mark}` }), 'Error'],
    ['no error', mark, 'unknown'],
  ])('%s is named, and its text is not told', async (_, thrown, type) => {
    const span = await failing(thrown)

    expect(span?.attributes).toEqual({ 'error.type': type })
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR })
    expect(span?.events).toEqual([])
  })
})

test('a whole server: jobs begin traces of their own, calls to Slack stand in them, and nothing says what was sent or who decided', async () => {
  const { slack, environment, deliverTo } = await openWorkspace()
  const served = await serve({
    ...environment,
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
  })
  deliverTo(served.url)
  const agent = agentWith(await registerAgent(served.config, `nightly-${mark}`))
  const body = { ...pendingBody, reason: mark }
  const asked = await agent.ask(served.url, body, { 'idempotency-key': mark })
  expect(asked).toMatchObject({ status: 202, state: 'pending' })
  await expect.poll(() => slack.as('U0BOB').messages('C0DATA').length).toBeGreaterThan(0)
  await expect.poll(() => named('job announce').length).toBeGreaterThan(0)

  const [job] = named('job announce')
  expect(job?.parentSpanContext).toBeUndefined()
  expect(job?.attributes).toEqual({ 'countersign.request': asked.id })
  const [post] = named('slack chat.postMessage')
  expect(post?.attributes).toEqual({ 'countersign.outcome': 'ok' })
  expect(post?.spanContext().traceId).toBe(job?.spanContext().traceId)
  const commits = named('commit')
  expect(commits.some((commit) => parentOf(commit)?.name === 'submit')).toBe(true)
  expect(commits.every(({ attributes }) => 'countersign.committed' in attributes)).toBe(true)
  const said = JSON.stringify(
    spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  )
  for (const secret of [mark, 'U0', 'per_', 'agt_', 'key_', 'acme', 'alice', 'C0DATA', 's3:', 'warehouse'])
    expect(said).not.toContain(secret)
})

test('without an SDK there are no spans, and the work is done', async () => {
  trace.disable()
  try {
    const world = await testWorld()
    const done = await inSpan({ name: 'work', caller: { traceparent } }, async (note) => {
      note({ seen: 1 })
      return world.agent.agent.name
    })

    expect(done).toBe('billing-agent')
    expect(spans()).toEqual([])
  } finally {
    trace.setGlobalTracerProvider(provider)
  }
})
