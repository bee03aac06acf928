import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { routes } from '../../src/http/routes.ts'
import {
  baseUrl,
  deleteBody,
  exportBody,
  type House,
  idIn,
  openHouse,
  type Reply,
  readBody,
} from './house.ts'

const shown = routes.filter(({ hidden }) => !hidden)

interface Document {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>
    readonly securitySchemes: object
  }
}
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: object; readonly headers?: object }>
  >
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: unknown
  readonly security: readonly Readonly<Record<string, unknown>>[]
}

async function document(): Promise<Document> {
  const house = await openHouse()
  const reply = await house.call('GET', '/openapi.json')
  expect(reply.status).toBe(200)
  return reply.body as Document // parsed edge: the tests below check what they use
}

test('the document is OpenAPI 3.1 and names this server', async () => {
  const { openapi, servers } = await document()

  expect(openapi).toMatch(/^3\.1\.\d+$/)
  expect(servers).toEqual([{ url: baseUrl }])
})

test('describes every route of the table and no other', async () => {
  const { paths } = await document()
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )

  expect(described.sort()).toEqual(
    shown.map(({ method, url }) => `${method} ${url.replace(':id', '{id}').replace('*', '{*}')}`).sort(),
  )
})

test('every answer of every route has a description, and content where there is a body', async () => {
  const { paths } = await document()

  for (const route of shown) {
    const operation =
      paths[route.url.replace(':id', '{id}').replace('*', '{*}')]?.[route.method.toLowerCase()]
    expect(operation?.summary).toBe(route.says)
    expect(Object.keys(operation?.responses ?? {})).toEqual(Object.keys(route.answers))
    for (const [status, answer] of Object.entries(operation?.responses ?? {})) {
      expect(answer.description).not.toBe('')
      if (Number(status) >= 400)
        expect(Object.keys(answer.content ?? {})).toEqual(['application/problem+json'])
    }
  }
})

test('each operation has a name of its own, which is that of its handler', async () => {
  const { paths } = await document()
  const names = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )

  expect(new Set(names).size).toBe(names.length)
  expect(names.toSorted()).toEqual(shown.map(({ operationId }) => operationId).toSorted())
  for (const { operationId, run } of routes) expect(run.name).toBe(operationId)
  expect(names).toEqual(expect.arrayContaining(['createRequest', 'getRequest', 'cancelRequest']))
})

/** Calls that lead to every status that a caller can bring about. */
async function everyAnswer(house: House): Promise<readonly (readonly [operation: string, reply: Reply])[]> {
  const once = { 'idempotency-key': 'once', prefer: 'wait=0' }
  const created = await house.submit(exportBody, { prefer: 'wait=0' })
  const id = idIn(created)
  const path = `/v1/requests/${id}`
  const stranger = { authorization: 'Bearer csk_x' }
  const etag = { 'if-none-match': String(created.headers.get('etag')) }
  const asked: (readonly [string, Reply])[] = [
    ['createRequest', created],
    ['createRequest', await house.submit(readBody, once)],
    ['createRequest', await house.submit(readBody, once)],
    ['createRequest', await house.submit(deleteBody, once)],
    ['createRequest', await house.submit({})],
    ['createRequest', await house.submit(exportBody, stranger)],
    ['createRequest', await house.submit(exportBody, { 'content-type': 'text/plain' })],
    ['createRequest', await house.submit(exportBody, { 'content-encoding': 'gzip' })],
    ['createRequest', await house.submit('x'.repeat(300_000))],
    ['getRequest', await house.call('GET', path, { headers: { prefer: 'wait=0' } })],
    ['getRequest', await house.call('GET', path, { headers: etag })],
    ['getRequest', await house.call('GET', path, { headers: stranger })],
    ['getRequest', await house.call('GET', '/v1/requests/x')],
    ['listRequests', await house.call('GET', '/v1/requests')],
    ['listRequests', await house.call('GET', '/v1/requests?limit=0')],
    ['cancelRequest', await house.call('POST', `${path}/cancel`)],
    ['followRequest', await house.call('GET', `${path}/events`)],
    ['followRequest', await house.call('GET', `${path}/events`, { headers: { 'last-event-id': '99999' } })],
    ['cancelRequest', await house.call('POST', `/v1/requests/${idIn(await house.submit(readBody))}/cancel`)],
    ['getHealth', await house.call('GET', '/healthz')],
    ['getReadiness', await house.call('GET', '/readyz')],
    ['getErrorsPage', await house.call('GET', '/errors')],
  ]
  house.directory.down = true
  const away = await house.submit(exportBody)
  const tooFast = await (await openHouse({ submissions: { perSecond: 1, burst: 0 } })).submit(exportBody)
  return [...asked, ['createRequest', away], ['createRequest', tooFast]]
}

/** What every answer of a web server has, and what locks ours down: no caller goes by them. */
const usual =
  /^(connection|content-length|content-type|date|keep-alive|transfer-encoding|vary|cache-control|content-security-policy|cross-origin-resource-policy|referrer-policy|x-content-type-options|strict-transport-security)$/

test('the headers of every answer are described, and those that are described are sent', async () => {
  const { paths } = await document()
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  const sent = new Map<string, Set<string>>()
  for (const [operation, { status, headers }] of await everyAnswer(await openHouse())) {
    const names = sent.get(`${operation} ${status}`) ?? new Set()
    for (const name of headers.keys()) if (!usual.test(name)) names.add(name)
    sent.set(`${operation} ${status}`, names)
  }

  expect([...sent.keys()].filter((answer) => / 2\d\d/.test(answer))).toHaveLength(11)
  for (const [answer, names] of sent) {
    const [operation, status = ''] = answer.split(' ')
    const described = operations.find(({ operationId }) => operationId === operation)?.responses[status]
    expect([answer, ...names].toSorted()).toEqual(
      [answer, ...Object.keys(described?.headers ?? {})].toSorted(),
    )
  }
})

test('every $ref leads somewhere, and every schema is used', async () => {
  const whole = await document()
  const refs = [...JSON.stringify(whole).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref)

  expect(refs.length).toBeGreaterThan(0)
  for (const ref of refs) expect(follow(whole, ref), ref).toBeDefined()
  expect(refs).toEqual(
    expect.arrayContaining(['#/components/schemas/AskInput', '#/components/schemas/ActionRequest']),
  )
})

test('every security requirement names a scheme, and only health, errors and what verifies grants need none', async () => {
  const { paths, components } = await document()
  const open = []

  for (const [path, methods] of Object.entries(paths)) {
    for (const { security } of Object.values(methods)) {
      if (security.length === 0) open.push(path)
      for (const scheme of security.flatMap(Object.keys))
        expect(components.securitySchemes).toHaveProperty(scheme)
    }
  }
  const wellKnown = ['/.well-known/jwks.json', '/.well-known/openid-configuration']
  expect(open.sort()).toEqual([...wellKnown, '/errors', '/healthz', '/readyz'])
})

test('the body that asks is strict, and what is required is required', async () => {
  const { components } = await document()

  expect(components.schemas.AskInput).toMatchObject({
    type: 'object',
    properties: { environment: { description: 'Where, such as `prod`.' } },
    required: ['action', 'resource', 'environment'],
    additionalProperties: false,
  })
})

test('docs/api.md names every property of the body', async () => {
  const guide = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
  const { components } = await document()
  const submission = components.schemas.AskInput

  for (const property of Object.keys((submission as { properties: object }).properties))
    expect(guide).toContain(`| \`${property}\` |`)
})

function follow(whole: unknown, ref: string): unknown {
  return ref
    .replace('#/', '')
    .split('/')
    .reduce<unknown>(
      (at, step) =>
        at && typeof at === 'object' ? Object.entries(at).find(([key]) => key === step)?.[1] : undefined,
      whole,
    )
}
