import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { type Activity, readActivity } from './activities.ts'
import { KeysUnknown } from './keys.ts'
import { type Distrust, NotFromTeams, type Verifying, verify } from './verify.ts'

/** Bytes of one delivery; Teams' own are far smaller. */
export const bodyLimit = 128 * 1024

/** Milliseconds within which a delivery is answered, whatever happens. Teams tells people after some seconds more that the app cannot be reached. */
export const answerWithin = 8_000

/** What the HTTP response says. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
}

export type ActivityHandler = (
  activity: Exclude<Activity, { kind: 'ignored' | 'unreadable' }>,
) => Promise<Reply>

export interface ReceiverOptions extends Verifying {
  readonly log: Logger
  readonly hear: ActivityHandler
  /** Hears why each delivery was not believed. */
  readonly distrusted?: ((why: Distrust | 'keys_unknown') => void) | undefined
  /** Milliseconds; `answerWithin` unless something else is said. */
  readonly answerWithin?: number | undefined
}

export interface Receiver {
  /** Answers one HTTP request on the endpoint for Teams whose body nobody has read yet. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
}

/**
 * The wire: nothing runs before it is sure that Teams sent it (threats: forged-teams). What was not sent by Teams hears no
 * word why. A delivery that nobody could answer in time is not answered with success: Teams then shows the person that
 * something went wrong.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { log } = options
  return {
    handle: async (req, res) => {
      const answer = answerOnce(res)
      const late = setTimeout(() => {
        if (answer({ status: 503 })) log.error('a Teams delivery was not answered in time')
      }, options.answerWithin ?? answerWithin)
      try {
        const reply = await receive(req, options)
        if (!answer(reply)) log.warn('what a Teams delivery was answered came too late')
      } catch (error) {
        log.error({ err: error }, 'a Teams delivery failed')
        answer({ status: 500 })
      } finally {
        clearTimeout(late)
      }
    },
  }
}

async function receive(req: IncomingMessage, options: ReceiverOptions): Promise<Reply> {
  if (req.method !== 'POST') return { status: 405 }
  const body = await readBody(req)
  if (body === null) return { status: 413 }
  const sent = parse(body)
  if (sent === null) return { status: 400 }
  try {
    await verify({ authorization: req.headers.authorization, activity: sent }, options)
  } catch (error) {
    return refused(error, options)
  }
  const activity = readActivity(sent)
  if (activity.kind === 'ignored') return { status: 200 }
  if (activity.kind === 'unreadable') {
    options.log.warn({ type: activity.type }, 'Teams sent something of a form that we do not know')
    return { status: 400 }
  }
  return options.hear(activity)
}

/** Who sent it is unknown: 401. It is the connector, and about somebody or something that is not ours: 403. */
const statuses: Partial<Record<Distrust, number>> = {
  other_service: 403,
  other_channel: 403,
  other_tenant: 403,
  old_activity: 403,
}

function refused(error: unknown, { log, distrusted }: ReceiverOptions): Reply {
  if (error instanceof KeysUnknown) {
    log.error({ why: error.message }, 'the keys of Teams cannot be read: its deliveries are refused')
    distrusted?.('keys_unknown')
    return { status: 503 }
  }
  if (!(error instanceof NotFromTeams)) throw error
  log.warn({ why: error.why }, 'a delivery to the Teams endpoint is not believed')
  distrusted?.(error.why)
  return { status: statuses[error.why] ?? 401 }
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

/** Null unless it is one object of JSON in UTF-8. */
function parse(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

/** Sends the answer; false when there was one already. */
function answerOnce(res: ServerResponse): (reply: Reply) => boolean {
  return ({ status, body }) => {
    if (res.headersSent || res.writableEnded) return false
    const text = body === undefined ? '' : JSON.stringify(body)
    if (status === 405) res.setHeader('allow', 'POST')
    if (status === 413) res.setHeader('connection', 'close')
    const type = body === undefined ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
    res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
    res.end(text)
    return true
  }
}
