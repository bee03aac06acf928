/** Reading a request's body and writing an answer, on raw Node HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import { SlackError } from './slackError.ts'

const bodyLimit = 4 * 1024 * 1024

/** The whole body as text. Throws `request_too_large` over 4 MiB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > bodyLimit) throw new SlackError('request_too_large')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  head: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): void {
  const { status = 200, headers = {} } = head
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

/** Answers with one line of text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(text)
}

/** Answers 429 as Slack does. */
export function sendRateLimited(response: ServerResponse, retryAfter: number): void {
  sendJson(
    response,
    { ok: false, error: 'ratelimited' },
    { status: 429, headers: { 'retry-after': `${retryAfter}` } },
  )
}

/** Runs a call under a fault: `work` does it and `answer` sends the result, if it comes to that. */
export async function underFault<T>(
  fault: Fault | undefined,
  response: ServerResponse,
  call: { work: () => T; answer: (result: T) => void },
): Promise<void> {
  if (fault === undefined) return call.answer(call.work())
  switch (fault.kind) {
    case 'error':
      return sendJson(response, { ok: false, error: fault.error })
    case 'rate_limited':
      return sendRateLimited(response, fault.retryAfter)
    case 'status':
      return sendText(response, fault.status, 'Something is wrong on our side')
    case 'hang':
      return
    case 'lost_answer':
      call.work()
      response.destroy()
      return
    case 'hold':
      await fault.until
      return call.answer(call.work())
  }
}
