import { z } from 'zod'
import { problemExamples, reportedExample, requestExamples } from './examples.ts'
import { type ProblemCode, problemSchema } from './problem.ts'
import { reportedSchema, requestSchema } from './requestSchema.ts'
import type { HeaderName } from './responseHeaders.ts'
import type { Content } from './route.ts'

/*
 * What the lines of the API say of their answers, where several say the same.
 */

/** An answer that shows a request. */
export const shows = (
  description: string,
  by: { readonly headers?: readonly HeaderName[]; readonly like: readonly (keyof typeof requestExamples)[] },
): Content => ({
  description,
  headers: ['etag', ...(by.headers ?? [])],
  content: {
    'application/json': {
      schema: requestSchema,
      examples: Object.fromEntries(by.like.map((name) => [name, requestExamples[name]])),
    },
  },
})

/** An answer to a report: the request to its agent, only what its own report came to to a resource. */
export const reported: Content = {
  description: 'Kept, with how it differs from what was approved. A resource is told of its own report only',
  headers: ['etag'],
  content: {
    'application/json': {
      schema: z.union([requestSchema, reportedSchema]),
      examples: {
        succeeded: requestExamples.succeeded,
        deviated: requestExamples.deviated,
        resource: reportedExample,
      },
    },
  },
}

/** An answer that is one word. */
export const status = (word: string, description: string, more: z.ZodRawShape = {}): Content => ({
  description,
  content: {
    'application/json': {
      schema: z.object({ status: z.literal(word), ...more }),
      examples: { [word]: { summary: word, value: { status: word } } },
    },
  },
})

/** A problem, with the codes that a caller meets here. */
export const refuses = (
  description: string,
  codes: readonly ProblemCode[],
  headers: readonly HeaderName[] = [],
): Content => ({
  description,
  headers,
  content: { 'application/problem+json': { schema: problemSchema, examples: problemExamples(codes) } },
})

export const later: readonly HeaderName[] = ['retry-after']
export const stranger = {
  401: refuses('No valid key or signature', ['unauthenticated', 'key_expired'], ['www-authenticate']),
  403: refuses('Somebody has still to confirm the agent or its key', ['agent_unconfirmed']),
}
export const flooded = { 429: refuses('Too fast; see Retry-After', ['rate_limited'], later) }
export const crowded = {
  429: refuses(
    'Too fast, or too much of this agent waits already; see Retry-After',
    ['rate_limited', 'too_many_pending'],
    later,
  ),
}
export const missing = { 404: refuses('No such request of this agent', ['unknown_request']) }
export const unreadable = {
  400: refuses('The body does not fit', ['invalid_request', 'invalid_json', 'ambiguous_json', 'too_deep']),
  413: refuses('The body is too large', ['too_large']),
  415: refuses(
    'The body is not JSON in UTF-8, or is compressed',
    ['unsupported_media_type'],
    ['accept', 'accept-encoding'],
  ),
}
/** The same where a proof of a key may come with the call. */
export const unreadableOrUnproved = {
  ...unreadable,
  400: refuses('The body or the DPoP proof does not fit', [
    'invalid_request',
    'invalid_json',
    'ambiguous_json',
    'too_deep',
    'invalid_dpop_proof',
  ]),
}
export const unreadableForm = {
  400: refuses('The form does not fit', ['invalid_request']),
  413: unreadable[413],
  415: refuses(
    'The body is no form in UTF-8, or is compressed',
    ['unsupported_media_type'],
    ['accept', 'accept-encoding'],
  ),
}
export const unwritten = { 500: refuses('A fault of the server', ['entry_unwritable', 'internal']) }
export const notNow = (...codes: readonly ProblemCode[]) => ({
  503: refuses('Not just now; see Retry-After', ['store_unavailable', 'ledger_behind', ...codes], later),
})
