/** Server-sent events for the page: `changed` when there is something new to fetch, `toast` for what went wrong. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const heartbeatMs = 15_000

export interface EventStreams {
  /** Keeps `response` open as one viewer's stream. */
  open(viewer: string, request: IncomingMessage, response: ServerResponse): void
  close(): void
}

/** What is watched: the local Slack, or the local Teams. */
export interface Watched {
  readonly name: string
  /** Mistakes of the app; grows. */
  readonly problems: readonly string[]
  /** Calls `listener` after each change; the answer stops that. */
  onChange(listener: () => void): () => void
  /** The viewer's page was loaded: what lasts only until then ends. */
  arrived(viewer: string): void
}

/** Many changes in one turn are one `changed`. */
export function createEventStreams(watched: Watched): EventStreams {
  const streams = new Map<ServerResponse, string>()
  let told = watched.problems.length
  let pending = false

  const write = (event: string, body: unknown) => {
    for (const stream of streams.keys()) stream.write(`event: ${event}\ndata: ${JSON.stringify(body)}\n\n`)
  }
  const announce = () => {
    pending = false
    write('changed', {})
    for (const problem of watched.problems.slice(told)) {
      write('toast', {
        ok: false,
        error: `${watched.name} could not use what the app answered: ${problem}`,
      })
    }
    told = watched.problems.length
  }
  const stop = watched.onChange(() => {
    if (!pending) setImmediate(announce)
    pending = true
  })
  const heartbeat = setInterval(() => {
    for (const stream of streams.keys()) stream.write(': still here\n\n')
  }, heartbeatMs)
  heartbeat.unref()

  return {
    open(viewer, request, response) {
      const isFirst = ![...streams.values()].includes(viewer)
      // A browser that only reconnects has an event id.
      if (isFirst && request.headers['last-event-id'] === undefined) watched.arrived(viewer)
      streams.set(response, viewer)
      response.on('close', () => streams.delete(response))
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('id: 1\nretry: 1000\n\n')
    },
    close() {
      stop()
      clearInterval(heartbeat)
      for (const stream of streams.keys()) stream.end()
    },
  }
}
