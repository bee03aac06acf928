import { z } from 'zod'
import { states } from '../core/lifecycle.ts'
import { flooded, later, missing, notNow, refuses, stranger } from './answers.ts'
import { requestPageExample } from './examples.ts'
import { followRequest } from './followRequest.ts'
import { listRequests } from './listRequests.ts'
import { requestPageSchema } from './requestSchema.ts'
import type { Route } from './route.ts'

const listParameters = z.object({
  state: z.array(z.enum(states)).optional().describe('Only these states; may stand several times.'),
  action: z.string().optional().describe('Only this action, such as `db.export`.'),
  limit: z.coerce.number().int().optional().describe('How many at most: 1 to 100; otherwise 20.'),
  after: z.string().optional().describe('As it stands in `next` of the page before.'),
})

const lastEventId = z.string().optional().describe('The id of the last event that was read.')

/** Where an agent finds its requests, and follows one. */
export const readingRoutes: readonly Route[] = [
  {
    operationId: 'listRequests',
    method: 'GET',
    url: '/v1/requests',
    credentials: 'agent',
    limit: 'otherCalls',
    run: listRequests,
    says: 'List what this agent asked for, newest first',
    takes: { querystring: listParameters },
    answers: {
      200: {
        description: 'A page. It can be short, or empty, and still not be the last: that one has no `next`',
        content: {
          'application/json': {
            schema: requestPageSchema,
            examples: { last: { summary: 'The last page', value: requestPageExample } },
          },
        },
      },
      400: refuses('A parameter does not fit', ['invalid_request']),
      ...stranger,
      ...flooded,
      500: refuses('A fault of the server', ['internal']),
      ...notNow(),
    },
  },
  {
    operationId: 'followRequest',
    method: 'GET',
    url: '/v1/requests/:id/events',
    credentials: 'agent',
    limit: 'otherCalls',
    run: followRequest,
    says: 'Follow a request: what happens to it, as server-sent events',
    takes: { headers: z.object({ 'last-event-id': lastEventId }) },
    answers: {
      200: {
        description: 'Events until a final state; a reader that is cut off comes back with the last id',
        headers: ['x-accel-buffering'],
        content: { 'text/event-stream': { schema: z.string() } },
      },
      204: { description: 'All was told, and nothing can follow' },
      400: refuses('The Last-Event-ID is none of ours', ['invalid_request']),
      ...stranger,
      ...missing,
      429: refuses(
        'Too fast, or too many calls wait; see Retry-After',
        ['rate_limited', 'too_many_waiting'],
        later,
      ),
      500: refuses('A fault of the server', ['internal']),
      ...notNow(),
    },
  },
]
