import { Readable } from 'node:stream'
import { type Followed, follow, hasMore } from '../approvals/follow.ts'
import { showToAgent } from '../approvals/inspect.ts'
import { Refusal } from '../core/refusal.ts'
import { type Answer, type Call, headerOf, type ReadApi, requestIdIn } from './call.ts'

/** Milliseconds. Proxies cut a connection that is silent for a minute, some earlier. */
const beatAfterMs = 15_000

/** Milliseconds. Then it ends, as it does when the key counts no more, and whoever comes back proves anew who they are. */
const longestMs = 600_000

/**
 * `GET /v1/requests/{id}/events`: what happens to a request, as server-sent events (WHATWG HTML, 9.2). It goes on after
 * `Last-Event-ID`, the position of an entry in the ledger, so that any replica knows it. 204 when all was told and nothing
 * can follow: then a browser does not come back.
 */
export async function followRequest(api: ReadApi, call: Call<'agent'>): Promise<Answer> {
  const { caller } = call
  const { agent } = caller
  const request = await showToAgent(api.ports, requestIdIn(call), agent)
  const after = lastEventIdIn(call)
  if (after !== null && !(await hasMore(api.ports, request, after))) return { status: 204, body: null }
  const leave = api.seats.take(agent)
  if (!leave) throw new Refusal('too_many_waiting', 'no seat is left for an agent that follows a request')
  const ended = call.ended()
  const signal = AbortSignal.any([ended, AbortSignal.timeout(longestMs)])
  // Not when it was told to the end, which the reader of a stream that nobody reads never is.
  if (ended.aborted) leave()
  else ended.addEventListener('abort', leave, { once: true })
  const events = follow(api.ports, request.id, { after: after ?? 0, signal, beatAfterMs, caller })
  return {
    status: 200,
    // So that nginx passes on each event as it comes.
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    body: Readable.from(textOf(events, request.id), { highWaterMark: 1 }),
  }
}

/** A number of ours. @throws Refusal `invalid_request` */
function lastEventIdIn(call: Call<'agent'>): number | null {
  const sent = headerOf(call, 'last-event-id')
  if (sent === undefined) return null
  if (/^(0|[1-9]\d{0,14})$/.test(sent)) return Number(sent)
  throw new Refusal('invalid_request', 'a Last-Event-ID that is none of ours', [
    { pointer: '', detail: 'The Last-Event-ID header must be the id of an event of this stream.' },
  ])
}

async function* textOf(events: AsyncIterable<Followed>, request: string): AsyncGenerator<string, void> {
  yield 'retry: 1000\n\n'
  for await (const event of events) yield linesOf(event, request)
}

/** JSON has no line breaks of its own, so each is one line of data. */
function linesOf(event: Followed, request: string): string {
  if (event === 'beat') return ': nothing new\n\n'
  if ('end' in event)
    return `event: end\ndata: ${JSON.stringify({ type: 'end', request, state: event.end })}\n\n`
  const { position, type, state, at } = event
  return `id: ${position}\nevent: ${type}\ndata: ${JSON.stringify({ type, request, state, at })}\n\n`
}
