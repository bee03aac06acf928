import type { FastifyDynamicSwaggerOptions, SwaggerTransformObject } from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Answer, Credentials, ReadApi } from './call.ts'
import type { Route } from './route.ts'

/** `GET /openapi.json`. */
export async function getOpenapi(api: Pick<ReadApi, 'openapi'>): Promise<Answer> {
  return { status: 200, body: api.openapi() }
}

const security = {
  agent: [{ key: [] }],
  'agent or webhook': [{ key: [] }, { webhookId: [], webhookTimestamp: [], webhookSignature: [] }],
  operator: [{ operator: [] }, {}],
  'operator if strict': [], // the parameter says that it needs more
  anybody: [],
} as const satisfies Record<Credentials, unknown>

/** How the OpenAPI 3.1 document is made from the routes. */
export function openapiOptions(baseUrl: string): FastifyDynamicSwaggerOptions {
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
    transformObject: withoutUnused,
  }
}

/** zod names each schema twice, as input and as output; only those that some route refers to belong in the document. */
const withoutUnused: SwaggerTransformObject = (source) => {
  const document = jsonSchemaTransformObject(source)
  const schemas = ('components' in document && document.components?.schemas) || {}
  const text = JSON.stringify(document)
  for (const name of Object.keys(schemas)) {
    if (!text.includes(`"#/components/schemas/${name}"`)) Reflect.deleteProperty(schemas, name)
  }
  return document
}

/** A route as Fastify and its OpenAPI generator want it described. */
export function schemaOf(route: Route): FastifySchema {
  const params = /:id\b/.test(route.url) ? { params: z.object({ id: z.string().describe('`req_…`') }) } : {}
  const response = Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, content }]) => [
      status,
      // The generator's word for “no body” is a null with a description.
      content ? { description, content } : z.null().describe(description),
    ]),
  )
  return {
    ...route.takes,
    ...params,
    response,
    ...(route.hidden && { hide: true }),
    summary: route.says,
    security: security[route.credentials].map((one) => ({ ...one })),
  }
}
