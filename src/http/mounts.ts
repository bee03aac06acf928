import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * A part of the address space that somebody else answers, with the raw request: unparsed, unlogged, no headers added.
 * A prefix that ends in a slash takes everything below it; any other, and `/` itself, only that one path.
 * What `handle` throws at once is answered 500; what fails later is its own to answer.
 */
export interface Mount {
  readonly prefix: string
  handle(request: IncomingMessage, response: ServerResponse): void
}

/** The mount that answers a request target such as `/slack/events?x=1`; the longest prefix wins. */
export function mountFor(mounts: readonly Mount[], target: string | undefined): Mount | undefined {
  const path = (target ?? '/').split('?', 1)[0] ?? '/'
  const takes = ({ prefix }: Mount) =>
    path === prefix || (prefix.length > 1 && prefix.endsWith('/') && path.startsWith(prefix))
  return mounts.filter(takes).sort((a, b) => b.prefix.length - a.prefix.length)[0]
}
