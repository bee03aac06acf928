import { requestIn, setIn } from './answers.ts'
import { type Access, pause, type Reply, retryAfterOf, send } from './call.ts'
import type { Limit } from './limit.ts'
import type { ActionRequest, RequestSet } from './wire.ts'

/** Seconds for which the server is asked to hold a call: what it, proxies and clients allow. */
export const longestHold = 55

/** Milliseconds between two looks where the server neither held the call nor said when to look again. */
const lookAgainAfter = 2_000

/**
 * A request once it is pending no more: approved is one of the ways. Connections may drop and servers restart meanwhile.
 *
 * @throws CountersignError as `send` does; `unexpected_answer` for an answer about another request
 */
export function waitUntilSettled(access: Access, id: string, limit: Limit): Promise<ActionRequest> {
  return looked(access, limit, {
    path: `/v1/requests/${encodeURIComponent(id)}`,
    read: (reply) => requestIn(reply, id),
    isOver: ({ state }) => state !== 'pending',
  })
}

/** A set once none of its requests is pending any more. @throws CountersignError as `waitUntilSettled` */
export function waitUntilAllSettled(access: Access, id: string, limit: Limit): Promise<RequestSet> {
  return looked(access, limit, {
    path: `/v1/sets/${encodeURIComponent(id)}`,
    read: (reply) => setIn(reply, id),
    isOver: ({ requests }) => requests.every(({ state }) => state !== 'pending'),
  })
}

interface Looking<Shown> {
  readonly path: string
  readonly read: (reply: Reply) => Shown
  readonly isOver: (shown: Shown) => boolean
}

async function looked<Shown>(
  access: Access,
  limit: Limit,
  { path, read, isOver }: Looking<Shown>,
): Promise<Shown> {
  let etag: string | null = null
  for (let looks = 0; ; looks++) {
    const hold = Math.max(0, Math.min(longestHold, Math.floor(limit.left() / 1_000)))
    const began = access.now()
    const known = etag === null ? {} : { 'if-none-match': etag }
    const reply = await send(access, { method: 'GET', path, headers: known, hold }, limit)
    if (reply.status !== 304) {
      const shown = read(reply)
      if (isOver(shown)) return shown
    }
    const isNews = reply.headers.get('etag') !== etag
    etag = reply.headers.get('etag')
    // A server that is about to stop answers early, and so does one that has no seat left.
    const wasHeld = reply.headers.has('preference-applied') && access.now() - began >= (hold * 1_000) / 2
    if (isNews && reply.headers.has('preference-applied')) looks = 0
    if (!wasHeld) await lookLater(access, limit, { reply, looks })
  }
}

async function lookLater(
  access: Access,
  limit: Limit,
  { reply, looks }: { readonly reply: { readonly headers: Headers }; readonly looks: number },
): Promise<void> {
  const retryAfter = retryAfterOf(reply.headers) ?? lookAgainAfter
  await pause(access, limit, { tries: looks, retryAfter })
}
