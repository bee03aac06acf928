import { z } from 'zod'
import { crowded, flooded, notNow, refuses, stranger, unreadable, unwritten } from './answers.ts'
import { createSet } from './createSet.ts'
import { setAskExamples, setExamples } from './examplesOfSets.ts'
import { getSet } from './getSet.ts'
import { setBodySchema } from './requestSchema.ts'
import type { HeaderName } from './responseHeaders.ts'
import type { Content, Route } from './route.ts'
import { setSchema } from './submissionSchema.ts'

const prefer = z
  .string()
  .optional()
  .describe('`wait=N`: answer when all are settled, or after N seconds, at most 55.')

const shows = (
  description: string,
  by: { readonly headers: readonly HeaderName[]; readonly like: keyof typeof setExamples },
): Content => ({
  description,
  headers: ['etag', ...by.headers],
  content: {
    'application/json': { schema: setBodySchema, examples: { [by.like]: setExamples[by.like] } },
  },
})

/** Where an agent asks for several actions together. */
export const setRoutes: readonly Route[] = [
  {
    operationId: 'createSet',
    method: 'POST',
    url: '/v1/sets',
    credentials: 'agent or webhook',
    limit: 'submissions',
    run: createSet,
    says: 'Ask to perform several actions, together',
    takes: {
      headers: z.object({
        'idempotency-key': z
          .string()
          .optional()
          .describe('1 to 255 visible ASCII characters: a retry is the same set.'),
        prefer,
      }),
      querystring: z.object({
        agent: z.string().optional().describe('For signed calls: the name or id of the agent.'),
      }),
      body: setSchema,
      examples: setAskExamples,
    },
    answers: {
      200: shows('Asked before under this idempotency key, and all settled', {
        like: 'decided',
        headers: ['location', 'preference-applied'],
      }),
      201: shows('All settled at once: approved or denied', {
        like: 'allowed',
        headers: ['location', 'preference-applied'],
      }),
      202: shows('People decide about at least one', {
        like: 'pending',
        headers: ['location', 'retry-after', 'preference-applied'],
      }),
      ...unreadable,
      ...stranger,
      403: refuses('One of them is stopped, or somebody has still to confirm the agent or its key', [
        'stopped',
        'agent_unconfirmed',
      ]),
      409: refuses('An agent of its chain is revoked', ['chain_revoked']),
      422: refuses(
        'Nobody matches a claim, an ID token proves nothing, a name looks like another, or the key was used with another body',
        ['unknown_person', 'id_token_refused', 'lookalike_name', 'idempotency_mismatch'],
      ),
      ...crowded,
      ...unwritten,
      ...notNow('directory_unavailable', 'id_token_unchecked', 'nobody_reachable', 'busy', 'not_ready'),
    },
  },
  {
    operationId: 'getSet',
    method: 'GET',
    url: '/v1/sets/:id',
    credentials: 'agent',
    limit: 'otherCalls',
    run: getSet,
    says: 'Look at a set, or wait for all of it',
    takes: {
      params: z.object({ id: z.string().describe('The id of the set') }),
      headers: z.object({
        prefer,
        'if-none-match': z.string().optional().describe('An ETag: 304 when nothing has changed.'),
      }),
    },
    answers: {
      200: shows('The requests of the set', {
        like: 'pending',
        headers: ['retry-after', 'preference-applied'],
      }),
      304: { description: 'Unchanged', headers: ['etag', 'retry-after'] },
      ...stranger,
      404: refuses('No such set of this agent', ['unknown_set']),
      ...flooded,
      500: refuses('A fault of the server', ['internal']),
      ...notNow(),
    },
  },
]
