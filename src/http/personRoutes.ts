import { z } from 'zod'
import { flooded, notNow, refuses, unreadable, unwritten } from './answers.ts'
import { decideRequest, getPersonalRequest, listPersonalRequests } from './personalRequests.ts'
import { decisionExamples, personalPageExample, personalRequestExamples } from './personExamples.ts'
import { decisionSchema, personalPageSchema, personalRequestSchema } from './personSchema.ts'
import type { Content, Route } from './route.ts'

const listParameters = z.object({
  list: z
    .enum(['waiting', 'asked'])
    .optional()
    .describe('`waiting`: what you could decide now, the default. `asked`: what you are behind.'),
  limit: z.coerce.number().int().optional().describe('How many at most: 1 to 50; otherwise 20.'),
  after: z.string().optional().describe('As it stands in `next` of the page before.'),
})
const idempotencyKey = z
  .string()
  .optional()
  .describe('1 to 255 visible ASCII characters: a repeated call has one effect.')

const stranger = { 401: refuses('No valid personal token', ['unauthenticated'], ['www-authenticate']) }
const left = { 403: refuses('The person of the token has left', ['not_staff']) }
const missing = { 404: refuses('No such request, or not theirs to see', ['unknown_request']) }

const shown = (description: string, like: readonly (keyof typeof personalRequestExamples)[]): Content => ({
  description,
  content: {
    'application/json': {
      schema: personalRequestSchema,
      examples: Object.fromEntries(like.map((name) => [name, personalRequestExamples[name]])),
    },
  },
})

/** Where people read and decide by a personal token, from a portal of their own. */
export const personRoutes: readonly Route[] = [
  {
    operationId: 'listPersonalRequests',
    method: 'GET',
    url: '/v1/me/requests',
    credentials: 'person',
    limit: 'submissions',
    run: listPersonalRequests,
    says: 'List what waits for you, or what you asked for, newest first',
    takes: { querystring: listParameters },
    answers: {
      200: {
        description: 'A page; the last one has no `next`',
        content: {
          'application/json': {
            schema: personalPageSchema,
            examples: { last: { summary: 'The last page', value: personalPageExample } },
          },
        },
      },
      400: refuses('A parameter does not fit', ['invalid_request']),
      ...stranger,
      ...left,
      ...flooded,
      500: refuses('A fault of the server', ['internal']),
      ...notNow('directory_unavailable'),
    },
  },
  {
    operationId: 'getPersonalRequest',
    method: 'GET',
    url: '/v1/me/requests/:id',
    credentials: 'person',
    limit: 'otherCalls',
    run: getPersonalRequest,
    says: 'Look at a request as its approver, or as somebody who is behind it',
    takes: {},
    answers: {
      200: shown('The request, what has to be shown of it, and what you can do', ['waiting']),
      ...stranger,
      ...left,
      ...missing,
      ...flooded,
      500: refuses('A fault of the server', ['internal']),
      ...notNow('directory_unavailable'),
    },
  },
  {
    operationId: 'decideRequest',
    method: 'POST',
    url: '/v1/requests/:id/decisions',
    credentials: 'person',
    limit: 'submissions',
    run: decideRequest,
    says: 'Approve, deny, or take an approval back',
    takes: {
      headers: z.object({ 'idempotency-key': idempotencyKey }),
      body: decisionSchema,
      examples: decisionExamples,
    },
    answers: {
      200: shown('It is recorded; the request as it is now', ['decided']),
      ...unreadable,
      400: refuses('The body does not fit, or a denial has no reason', [
        'invalid_request',
        'invalid_json',
        'ambiguous_json',
        'too_deep',
        'reason_needed',
      ]),
      ...stranger,
      403: refuses('The person may not decide this, or not in this way', [
        'own_request',
        'not_in_leg',
        'not_staff',
        'via_not_allowed',
        'stopped',
        'step_up_unavailable',
        'identity_unknown',
      ]),
      ...missing,
      409: refuses('It is not what was seen, or that is not possible any more', [
        'not_as_seen',
        'wrong_state',
        'already_decided',
        'nothing_to_withdraw',
        'decided_together',
      ]),
      422: refuses(
        'The reason or what was typed is not what is asked, or the key was used with another body',
        ['reason_rejected', 'confirmation_wrong', 'idempotency_mismatch'],
      ),
      ...flooded,
      ...unwritten,
      ...notNow('directory_unavailable', 'busy', 'not_ready'),
    },
  },
]
