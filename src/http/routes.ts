import { z } from 'zod'
import { conditions } from '../core/health.ts'
import { ask } from './ask.ts'
import { askSchema } from './askSchema.ts'
import type { Answer, Api, Call } from './call.ts'
import { errorsPage } from './errorsPage.ts'
import { alive, ready } from './health.ts'
import { look } from './look.ts'
import { showMetrics } from './operator.ts'
import { problemSchema } from './problemSchema.ts'
import { requestSchema } from './requestSchema.ts'
import { takeBack } from './takeBack.ts'

/** One line of the API. `says` and `takes` document it and generate openapi.json; `run` does the work, parsing included. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly run: (api: Api, call: Call) => Promise<Answer>
  readonly says: string
  /** Who may call: by bearer key, by bearer key or webhook signature, from this machine or by the operator's token, or anybody. */
  readonly who: 'agent' | 'agent or webhook' | 'operator' | 'anybody'
  readonly takes: {
    readonly headers?: z.ZodObject
    readonly querystring?: z.ZodObject
    readonly body?: z.ZodType
  }
  /** By status; every status that is not here is a problem too. */
  readonly answers: Readonly<Record<number, Content>>
}

interface Content {
  readonly description: string
  readonly content?: Readonly<Record<string, { readonly schema: z.ZodType }>>
}

const prefer = z
  .string()
  .optional()
  .describe('`wait=N`: answer when settled, or after N seconds, at most 55.')
const ifNoneMatch = z.string().optional().describe('An ETag: 304 when nothing has changed.')
const idempotencyKey = z
  .string()
  .optional()
  .describe('1 to 255 visible ASCII characters: a retry is the same request.')
const agentName = z.string().optional().describe('For signed calls: the name or id of the agent.')

const strict = z
  .string()
  .optional()
  .describe('With whatever value: 503 for what is degraded, too. For the operator only.')

const shows = (description: string): Content => ({
  description,
  content: { 'application/json': { schema: requestSchema } },
})
const status = (word: string, description: string, more: z.ZodRawShape = {}): Content => ({
  description,
  content: { 'application/json': { schema: z.object({ status: z.literal(word), ...more }) } },
})
const degraded = z.array(z.enum(Object.keys(conditions))).optional()
const refuses = (description: string): Content => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

const stranger = { 401: refuses('No valid key or signature') }
const flooded = { 429: refuses('Too fast; see Retry-After'), 503: refuses('Not just now; see Retry-After') }
const missing = { 404: refuses('No such request of this agent') }

/** The whole API. */
export const routes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/requests',
    run: ask,
    says: 'Ask to perform one action',
    who: 'agent or webhook',
    takes: {
      headers: z.object({ 'idempotency-key': idempotencyKey, prefer }),
      querystring: z.object({ agent: agentName }),
      body: askSchema,
    },
    answers: {
      200: shows('Asked before under this idempotency key, and settled'),
      201: shows('Settled: approved or denied'),
      202: shows('Pending: people decide'),
      400: refuses('The body does not fit'),
      ...stranger,
      413: refuses('The body is too large'),
      415: refuses('The body is not JSON in UTF-8'),
      422: refuses('Nobody matches a claim, or the idempotency key was used with another body'),
      ...flooded,
    },
  },
  {
    method: 'GET',
    url: '/v1/requests/:id',
    run: look,
    says: 'Look at a request, or wait for it',
    who: 'agent',
    takes: { headers: z.object({ prefer, 'if-none-match': ifNoneMatch }) },
    answers: {
      200: shows('The request'),
      304: { description: 'Unchanged' },
      ...stranger,
      ...missing,
      ...flooded,
    },
  },
  {
    method: 'POST',
    url: '/v1/requests/:id/cancel',
    run: takeBack,
    says: 'Take a request back',
    who: 'agent',
    takes: {},
    answers: {
      200: shows('Cancelled'),
      ...stranger,
      ...missing,
      409: refuses('It is settled already'),
      ...flooded,
    },
  },
  {
    method: 'GET',
    url: '/healthz',
    run: alive,
    says: 'Whether the process answers',
    who: 'anybody',
    takes: {},
    answers: { 200: status('ok', 'It does') },
  },
  {
    method: 'GET',
    url: '/readyz',
    run: ready,
    says: 'Whether the server can do its work',
    who: 'anybody',
    takes: { querystring: z.object({ strict }) },
    answers: {
      200: status('ready', 'It can; `degraded` says what is wrong for all replicas alike', { degraded }),
      403: refuses('Only the operator may ask strictly'),
      503: refuses('It cannot; its log says why'),
    },
  },
  {
    method: 'GET',
    url: '/metrics',
    run: showMetrics,
    says: 'What Prometheus scrapes',
    who: 'operator',
    takes: {},
    answers: {
      200: { description: 'All metrics of this replica', content: { 'text/plain': { schema: z.string() } } },
      403: refuses('Neither from this machine nor with the token'),
    },
  },
  {
    method: 'GET',
    url: '/errors',
    run: errorsPage,
    says: 'The error codes, for people',
    who: 'anybody',
    takes: {},
    answers: {
      200: { description: 'One line for each code', content: { 'text/html': { schema: z.string() } } },
    },
  },
]
