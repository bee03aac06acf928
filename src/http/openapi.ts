import type { FastifyDynamicSwaggerOptions, SwaggerTransformObject } from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Answer, Credentials, ReadApi } from './call.ts'
import { type HeaderName, responseHeaders } from './responseHeaders.ts'
import type { Content, Examples, Route } from './route.ts'

/** `GET /openapi.json`. */
export async function getOpenapi(api: Pick<ReadApi, 'openapi'>): Promise<Answer> {
  return { status: 200, body: api.openapi() }
}

const security = {
  agent: [{ key: [] }],
  'agent or webhook': [{ key: [] }, { webhookId: [], webhookTimestamp: [], webhookSignature: [] }],
  'agent or resource': [{ key: [] }, { resource: [] }],
  auditor: [{ auditor: [] }],
  person: [{ person: [] }],
  operator: [{ operator: [] }, {}],
  'operator if strict': [], // the parameter says that it needs more
  anybody: [],
} as const satisfies Record<Credentials, unknown>

/** How the OpenAPI 3.1 document is made from the routes. */
export function openapiOptions(baseUrl: string, routes: readonly Route[]): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Countersign',
        version: '1',
        description: 'An agent asks, policy decides, people who are not behind the action approve.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: baseUrl }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: "The agent's key, `csk_…`" },
          resource: { type: 'http', scheme: 'bearer', description: "A resource's key, `csr_…`" },
          auditor: { type: 'http', scheme: 'bearer', description: "An auditor's key, `csa_…`" },
          person: { type: 'http', scheme: 'bearer', description: 'A personal token, `csp_…`' },
          operator: {
            type: 'http',
            scheme: 'bearer',
            description: 'COUNTERSIGN_METRICS_TOKEN; not needed on the same machine',
          },
          webhookId: { type: 'apiKey', in: 'header', name: 'webhook-id' },
          webhookTimestamp: { type: 'apiKey', in: 'header', name: 'webhook-timestamp' },
          webhookSignature: { type: 'apiKey', in: 'header', name: 'webhook-signature' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (source) => withExamples(withoutUnused(source), routes),
  }
}

type Document = ReturnType<SwaggerTransformObject>

/** zod names each schema twice, as input and as output; only those that some route refers to belong in the document. */
const withoutUnused = (source: Parameters<SwaggerTransformObject>[0]): Document => {
  const document = jsonSchemaTransformObject(source)
  const schemas = ('components' in document && document.components?.schemas) || {}
  const text = JSON.stringify(document)
  for (const name of Object.keys(schemas)) {
    if (!text.includes(`"#/components/schemas/${name}"`)) Reflect.deleteProperty(schemas, name)
  }
  return document
}

/** What of an operation we add to. */
interface Operation {
  readonly requestBody?: { readonly content: MediaTypes }
  readonly responses: Readonly<Record<string, { headers?: object; readonly content?: MediaTypes }>>
}
type MediaTypes = Readonly<Record<string, { examples?: Examples | undefined }>>

/** The generator drops headers and examples on its way: they are put beside what it made of the same line. */
function withExamples(document: Document, routes: readonly Route[]): Document {
  const paths = document.paths as Readonly<Record<string, Record<string, Operation>>> // made of these routes just now
  for (const { url, method, takes, answers, limit } of routes.filter(({ hidden }) => !hidden)) {
    const operation = paths[url.replace(/:(\w+)/g, '{$1}').replace('*', '{*}')]?.[method.toLowerCase()]
    if (!operation) throw new Error(`no operation was made of ${method} ${url}`)
    for (const media of Object.values(operation.requestBody?.content ?? {}))
      addExamples(media, takes.examples)
    for (const [status, answer] of Object.entries<Content>(answers)) {
      const response = operation.responses[status]
      if (!response) throw new Error(`no answer ${status} was made of ${method} ${url}`)
      const counted = typeof limit === 'string' && !beforeCounting.includes(Number(status))
      response.headers = headersOf(['x-request-id', ...(counted ? counts : []), ...(answer.headers ?? [])])
      for (const [type, media] of Object.entries(response.content ?? {}))
        addExamples(media, answer.content?.[type]?.examples)
    }
  }
  return document
}

/** On every answer to an agent whose call was counted. */
const counts: readonly HeaderName[] = ['ratelimit-policy', 'ratelimit']

/** Who calls is found out first, and a body that is too large is not even read. */
const beforeCounting: readonly number[] = [401, 403, 413]

function addExamples(media: { examples?: Examples | undefined }, examples: Examples | undefined): void {
  if (examples) media.examples = examples
}

function headersOf(names: readonly HeaderName[]): object {
  return Object.fromEntries(
    names.map((name) => [name, { description: responseHeaders[name], schema: { type: 'string' } }]),
  )
}

/** A route as Fastify and its OpenAPI generator want it described. */
export function schemaOf(route: Route): FastifySchema {
  const params =
    /:id\b/.test(route.url) && !route.takes.params
      ? { params: z.object({ id: z.string().describe('`req_…`') }) }
      : {}
  const response = Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, content }]) => [
      status,
      // The generator's word for “no body” is a null with a description.
      content ? { description, content } : z.null().describe(description),
    ]),
  )
  const { examples: _, ...takes } = route.takes
  return {
    operationId: route.operationId,
    ...takes,
    ...params,
    response,
    ...(route.hidden && { hide: true }),
    summary: route.says,
    security: security[route.credentials].map((one) => ({ ...one })),
  }
}
