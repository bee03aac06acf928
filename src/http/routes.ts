import { z } from 'zod'
import { conditions } from '../core/health.ts'
import {
  crowded,
  flooded,
  later,
  missing,
  notNow,
  refuses,
  reported,
  shows,
  status,
  stranger,
  unreadable,
  unreadableOrUnproved,
  unwritten,
} from './answers.ts'
import { askExamples } from './askExamples.ts'
import { cancelRequest } from './cancelRequest.ts'
import { createRequest } from './createRequest.ts'
import { dpopHeader } from './dpopProof.ts'
import { getErrorsPage } from './errorsPage.ts'
import { reportExamples } from './examples.ts'
import { getRequest } from './getRequest.ts'
import { grantRoutes } from './grantRoutes.ts'
import { getHealth, getReadiness } from './health.ts'
import { ledgerRoutes } from './ledgerRoutes.ts'
import { noteRoutes } from './noteRoutes.ts'
import { getOpenapi } from './openapi.ts'
import { getMetrics } from './operator.ts'
import { personRoutes } from './personRoutes.ts'
import { readingRoutes } from './readingRoutes.ts'
import { reportExecution } from './reportExecution.ts'
import { reportSchema } from './reportSchema.ts'
import type { Route } from './route.ts'
import { setRoutes } from './setRoutes.ts'
import { submissionSchema } from './submissionSchema.ts'
import {
  discoveryExamples,
  discoverySchema,
  getDiscovery,
  getJwks,
  jwksExamples,
  jwksSchema,
} from './wellKnown.ts'

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
  .describe('With any value: 503 for what is degraded, too. For the operator only.')

const degraded = z.array(z.enum(Object.keys(conditions))).optional()

/** The whole API; only mounts are answered beside it. `route.ts` says what a line means, and what stands before each handler. */
export const routes: readonly Route[] = [
  {
    operationId: 'createRequest',
    method: 'POST',
    url: '/v1/requests',
    credentials: 'agent or webhook',
    limit: 'submissions',
    run: createRequest,
    says: 'Ask to perform one action',
    takes: {
      headers: z.object({ 'idempotency-key': idempotencyKey, prefer, dpop: dpopHeader }),
      querystring: z.object({ agent: agentName }),
      body: submissionSchema,
      examples: askExamples,
    },
    answers: {
      200: shows('Asked before under this idempotency key, and settled', {
        like: ['approved', 'denied'],
        headers: ['location', 'preference-applied'],
      }),
      201: shows('Settled: approved or denied', {
        like: ['allowed', 'denied'],
        headers: ['location', 'preference-applied'],
      }),
      202: shows('Pending: people decide', {
        like: ['pending'],
        headers: ['location', 'retry-after', 'preference-applied'],
      }),
      ...unreadableOrUnproved,
      ...stranger,
      403: refuses('It is stopped, or somebody has still to confirm the agent or its key', [
        'stopped',
        'agent_unconfirmed',
      ]),
      404: refuses('What it would undo, or revises, is no request of this agent', ['unknown_request']),
      409: refuses(
        'What it would undo has not run, is undone by another rollback, or is not there any more; what it revises cannot be revised; or an agent of its chain is revoked',
        ['nothing_to_undo', 'rollback_exists', 'target_moved_on', 'not_revisable', 'chain_revoked'],
      ),
      422: refuses(
        'Nobody matches a claim, an ID token proves nothing, a name looks like another, the key was used with another body, the policy does not have the audience, or a rollback would undo a rollback',
        [
          'unknown_person',
          'id_token_refused',
          'lookalike_name',
          'idempotency_mismatch',
          'unknown_audience',
          'rollback_of_rollback',
        ],
      ),
      ...crowded,
      ...unwritten,
      ...notNow('directory_unavailable', 'id_token_unchecked', 'nobody_reachable', 'busy', 'not_ready'),
    },
  },
  ...setRoutes,
  ...noteRoutes,
  ...readingRoutes,
  {
    operationId: 'getRequest',
    method: 'GET',
    url: '/v1/requests/:id',
    credentials: 'agent',
    limit: 'otherCalls',
    run: getRequest,
    says: 'Look at a request, or wait for it',
    takes: { headers: z.object({ prefer, 'if-none-match': ifNoneMatch }) },
    answers: {
      200: shows('The request', {
        like: ['placed', 'pending', 'changes', 'approved', 'denied', 'narrowed', 'expired'],
        headers: ['retry-after', 'preference-applied'],
      }),
      304: { description: 'Unchanged', headers: ['etag', 'retry-after'] },
      ...stranger,
      ...missing,
      ...flooded,
      500: refuses('A fault of the server', ['internal']),
      ...notNow(),
    },
  },
  {
    operationId: 'cancelRequest',
    method: 'POST',
    url: '/v1/requests/:id/cancel',
    credentials: 'agent',
    limit: 'otherCalls',
    run: cancelRequest,
    says: 'Cancel a request',
    takes: {},
    answers: {
      200: shows('Cancelled', { like: ['cancelled'] }),
      ...unreadable,
      ...stranger,
      ...missing,
      409: refuses('It is already settled', ['wrong_state']),
      ...flooded,
      ...unwritten,
      ...notNow('busy'),
    },
  },
  ...personRoutes,
  ...grantRoutes,
  ...ledgerRoutes,
  {
    operationId: 'getDiscovery',
    method: 'GET',
    url: '/.well-known/openid-configuration',
    credentials: 'anybody',
    limit: { none: 'A document of constants; the keys behind it are read every few seconds at most.' },
    run: getDiscovery,
    says: 'Who issues grants, for those who verify them',
    takes: {},
    answers: {
      200: {
        description: 'OpenID Connect Discovery',
        content: { 'application/json': { schema: discoverySchema, examples: discoveryExamples } },
      },
      ...notNow('not_ready'),
    },
  },
  {
    operationId: 'getJwks',
    method: 'GET',
    url: '/.well-known/jwks.json',
    credentials: 'anybody',
    limit: { none: 'A few public keys, which are read every few seconds at most.' },
    run: getJwks,
    says: 'The keys by which grants are verified',
    takes: {},
    answers: {
      200: {
        description: 'A JWK set',
        content: { 'application/json': { schema: jwksSchema, examples: jwksExamples } },
      },
      ...notNow('not_ready'),
    },
  },
  {
    operationId: 'reportExecution',
    method: 'POST',
    url: '/v1/requests/:id/executions',
    credentials: 'agent or resource',
    limit: 'otherCalls',
    run: reportExecution,
    says: 'Report what was done',
    takes: { body: reportSchema, examples: reportExamples },
    answers: {
      201: reported,
      ...unreadable,
      ...stranger,
      ...missing,
      409: refuses('As many are kept as can be', ['too_many_reports']),
      ...flooded,
      ...unwritten,
      ...notNow('busy'),
    },
  },
  {
    operationId: 'getHealth',
    method: 'GET',
    url: '/healthz',
    credentials: 'anybody',
    limit: { none: 'Load balancers call it all the time, and it does nothing.' },
    run: getHealth,
    says: 'Whether the process answers',
    takes: {},
    answers: { 200: status('ok', 'It does') },
  },
  {
    operationId: 'getReadiness',
    method: 'GET',
    url: '/readyz',
    credentials: 'operator if strict',
    limit: { none: 'Load balancers call it all the time, and what it looks up is shared for a second.' },
    run: getReadiness,
    says: 'Whether the server can do its work',
    takes: { querystring: z.object({ strict }) },
    answers: {
      200: status('ready', 'It can; `degraded` says what is wrong for all replicas alike', { degraded }),
      403: refuses('Only the operator may ask strictly', ['operator_only']),
      503: refuses('It cannot; its log says why', ['not_ready'], later),
    },
  },
  {
    operationId: 'getMetrics',
    method: 'GET',
    url: '/metrics',
    credentials: 'operator',
    limit: { none: 'It is for the operator alone, who sets how often it is scraped.' },
    run: getMetrics,
    says: 'What Prometheus scrapes',
    takes: {},
    answers: {
      200: { description: 'All metrics of this replica', content: { 'text/plain': { schema: z.string() } } },
      403: refuses('Neither from this machine nor with the token', ['operator_only']),
    },
  },
  {
    operationId: 'getErrorsPage',
    method: 'GET',
    url: '/errors',
    credentials: 'anybody',
    limit: { none: 'A page of constants.' },
    run: getErrorsPage,
    says: 'The error codes, for people',
    takes: {},
    answers: {
      200: { description: 'One line for each code', content: { 'text/html': { schema: z.string() } } },
    },
  },
  {
    operationId: 'getOpenapi',
    method: 'GET',
    url: '/openapi.json',
    credentials: 'anybody',
    limit: { none: 'A document that was made at the start.' },
    run: getOpenapi,
    says: 'This document',
    takes: {},
    answers: {
      200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: z.looseObject({}) } } },
    },
    hidden: true,
  },
]
