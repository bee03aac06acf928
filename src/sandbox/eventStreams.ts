/** Server-sent events for the page: `changed` when there is something new to fetch, `toast` for what went wrong. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LocalSlack } from './slack/server.ts'
import { closeModals } from './slack/views.ts'
import type { ActResult } from './wire.ts'

const heartbeatMs = 15_000

export interface EventStreams {
  /** Keeps `response` open as one viewer's stream. */
  open(viewer: string, request: IncomingMessage, response: ServerResponse): void
  close(): void
}

/** Streams over one local Slack. Many changes in one turn are one `changed`. */
export function createEventStreams(slack: LocalSlack): EventStreams {
  const streams = new Map<ServerResponse, string>()
  let told = slack.problems.length
  let pending = false

  const write = (event: string, body: unknown) => {
    for (const stream of streams.keys()) stream.write(`event: ${event}\ndata: ${JSON.stringify(body)}\n\n`)
  }
  const announce = () => {
    pending = false
    write('changed', {})
    for (const problem of slack.problems.slice(told)) write('toast', toastFor(problem))
    told = slack.problems.length
  }
  const stop = slack.workspace.onChange(() => {
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
      // Ephemeral messages and windows last until the page is loaded again. A browser that only reconnects has an
      // event id. Slack tells the app nothing when a client goes away with a window open.
      if (isFirst && request.headers['last-event-id'] === undefined) {
        slack.workspace.ephemerals.delete(viewer)
        closeModals(slack.workspace, viewer, 'all')
      }
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

function toastFor(problem: string): ActResult {
  return { ok: false, error: `Slack could not use what the app answered: ${problem}` }
}
