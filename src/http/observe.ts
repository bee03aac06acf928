import type { FastifyReply, FastifyRequest } from 'fastify'
import { inSpan } from '../tracing/span.ts'
import type { Answer } from './call.ts'
import { refusalIn, statusOf } from './problem.ts'
import type { Route } from './route.ts'

/** How a call was answered, in words of the routes' table: never an address as it was sent. */
export interface EndedCall {
  readonly method: string
  readonly route: string
  readonly status: number
}

export function endedCall(call: FastifyRequest, reply: FastifyReply): EndedCall {
  const route = call.routeOptions.url
  if (route === undefined) return { method: 'other', route: 'none', status: reply.statusCode }
  return { method: call.method, route, status: reply.statusCode }
}

/** The handler's work in a span, which goes on with the caller's trace. */
export function answerInSpan(
  { method, url }: Pick<Route, 'method' | 'url'>,
  call: FastifyRequest,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  const facts = { 'http.request.method': method, 'http.route': url, 'countersign.call': call.id }
  const { traceparent, tracestate } = call.headers
  const about = {
    name: `${method} ${url}`,
    kind: 'server',
    facts,
    caller: { traceparent, tracestate },
  } as const
  return inSpan(about, async (note) => {
    try {
      const answered = await answer()
      note({ 'http.response.status_code': answered.status })
      return answered
    } catch (thrown) {
      note({ 'http.response.status_code': statusOf(refusalIn(thrown)?.code ?? 'internal') })
      throw thrown
    }
  })
}
