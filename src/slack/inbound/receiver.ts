import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App, Receiver, ReceiverEvent } from '@slack/bolt'
import type { Logger } from 'pino'
import { type Signed, type SigningSecrets, secretOf } from './signature.ts'

/** Bytes of one delivery; Slack's own are far smaller. */
const bodyLimit = 1024 * 1024

/** Milliseconds within which a delivery is answered, whatever happens. Slack waits for 3,000. */
export const answerWithin = 2_800

/** Who hears a delivery that is about another workspace than the first; null when it is about the first. */
export type Elsewhere = (
  payload: Readonly<Record<string, unknown>>,
) => { hear(event: ReceiverEvent): Promise<void> } | null

export interface HttpReceiver extends Receiver {
  /** Answers one HTTP request of Slack's whose body nobody has read yet. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
}

/**
 * Slack's HTTP wire for Bolt, on a server that is not Bolt's: raw bytes, signature, then `app.processEvent`. What is
 * not signed by Slack is 401 and runs nothing (threats: bad-signature). A delivery that nobody acknowledged is not
 * answered with success: Slack then shows the person that something went wrong.
 */
export function createReceiver(options: {
  readonly secrets: SigningSecrets
  /** Hears with which secret each delivery was signed. */
  readonly signedWith?: (secret: keyof SigningSecrets) => void
  readonly now: () => number
  readonly log: Logger
  readonly elsewhere?: Elsewhere
  /** Milliseconds; `answerWithin` unless something else is said. */
  readonly answerWithin?: number
}): HttpReceiver {
  let app: App | null = null
  return {
    init: (bolt) => {
      app = bolt
    },
    start: async () => undefined,
    stop: async () => undefined,
    handle: async (req, res) => {
      const answer = answerOnce(res)
      const late = setTimeout(() => {
        if (answer(503)) options.log.error('a Slack delivery was not acknowledged in time')
      }, options.answerWithin ?? answerWithin)
      try {
        await receive(req, { ...options, app, answer })
        answer(404)
      } catch (error) {
        options.log.error({ err: error }, 'a Slack delivery failed')
        answer(500)
      } finally {
        clearTimeout(late)
      }
    },
  }
}

/** Sends the answer; false when there was one already. */
type Answer = (status: number, body?: unknown) => boolean

interface Desk {
  readonly secrets: SigningSecrets
  readonly signedWith?: (secret: keyof SigningSecrets) => void
  readonly now: () => number
  readonly log: Logger
  readonly elsewhere?: Elsewhere
  readonly app: App | null
  readonly answer: Answer
}

async function receive(req: IncomingMessage, slack: Desk): Promise<void> {
  const { answer } = slack
  if (req.method !== 'POST') return void answer(405)
  const body = await readBody(req)
  if (body === null) return void answer(413)
  const signed = {
    timestamp: one(req, 'x-slack-request-timestamp'),
    signature: one(req, 'x-slack-signature'),
    body,
  }
  const secret = secretOf(slack.secrets, signed, slack.now())
  if (secret === null) {
    explainUnsigned(slack, signed)
    return void answer(401)
  }
  slack.signedWith?.(secret)
  const payload = parse(body.toString('utf8'), one(req, 'content-type'))
  if (payload === null) return void answer(400)
  // Slack's certificate check.
  if (payload.ssl_check !== undefined) return void answer(200)
  if (payload.type === 'url_verification') return void answer(200, { challenge: payload.challenge })
  if (!slack.app) return void answer(503)
  const event = eventFor(payload, req, slack)
  await (slack.elsewhere?.(payload)?.hear(event) ?? slack.app.processEvent(event))
}

/** A true signature at the wrong time is the operator's business: it is refused until the clocks agree. */
function explainUnsigned(slack: Desk, signed: Signed): void {
  const at = Number(signed.timestamp) * 1_000
  if (secretOf(slack.secrets, signed, at) === null) {
    slack.log.warn('a delivery to the Slack endpoint was not signed by Slack')
    return
  }
  const secondsOff = Math.round((at - slack.now()) / 1_000)
  slack.log.error(
    { secondsOff },
    "Slack signed a delivery, but its time and the database's differ by over five minutes: correct the clock of the database's machine, unless somebody sends an old delivery again",
  )
}

function eventFor(body: Record<string, unknown>, req: IncomingMessage, slack: Desk): ReceiverEvent {
  const retryNum = Number(one(req, 'x-slack-retry-num'))
  const retryReason = one(req, 'x-slack-retry-reason')
  return {
    body,
    ...(Number.isInteger(retryNum) ? { retryNum } : {}),
    ...(retryReason === undefined ? {} : { retryReason }),
    ack: async (response: unknown) => {
      // Too late is not the handler's fault, and it still has somebody to tell: it goes on.
      if (!slack.answer(200, response)) slack.log.warn('an acknowledgement came after the answer')
    },
  }
}

/** Null when the body is over the limit; the rest stays unread and the connection is closed after the answer. */
async function readBody(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > bodyLimit) return null
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** Interactions are JSON in a form field, commands are form fields, events are JSON. Null when it is none of these. */
function parse(text: string, contentType = ''): Record<string, unknown> | null {
  try {
    if (!contentType.startsWith('application/x-www-form-urlencoded')) return record(JSON.parse(text))
    const fields = new URLSearchParams(text)
    const payload = fields.get('payload')
    return payload === null ? Object.fromEntries(fields) : record(JSON.parse(payload))
  } catch {
    return null
  }
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function answerOnce(res: ServerResponse): Answer {
  return (status, body) => {
    if (res.headersSent || res.writableEnded) return false
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const type = typeof body === 'object' ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8'
    if (status === 405) res.setHeader('allow', 'POST')
    if (status === 413) res.setHeader('connection', 'close')
    res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
    res.end(text)
    return true
  }
}

/** A header that stands there once. */
function one(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  return typeof value === 'string' ? value : undefined
}
