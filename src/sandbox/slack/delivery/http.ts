/** HTTP delivery: signed POSTs, with exactly the content types that Slack uses. */
import { createHmac } from 'node:crypto'
import { type Ack, type Courier, type Parcel, readAckBody } from './courier.ts'

/** Sends to `url`. The signature's time comes from `now` (milliseconds); `ackMs` is how long the app may take. */
export function httpCourier(options: {
  readonly url: string
  readonly signingSecret: string
  readonly ackMs: number
  readonly now: () => number
}): Courier {
  return {
    seal(parcel) {
      const body = encode(parcel)
      const headers = { ...headersOf(parcel), ...signature({ ...options, body, at: options.now() }) }
      return {
        send: ({ url = options.url } = {}) => postSigned(url, { headers, body }, options.ackMs),
      }
    },
  }
}

/** Slack's `v0` signature of a body, as its two headers. `at` is in milliseconds. */
export function signature(of: { signingSecret: string; body: string; at: number }): Record<string, string> {
  const timestamp = String(Math.floor(of.at / 1000))
  const digest = createHmac('sha256', of.signingSecret).update(`v0:${timestamp}:${of.body}`).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` }
}

/** Interactions are a form with one JSON field, commands are form fields, events are JSON. */
function encode(parcel: Parcel): string {
  if (parcel.kind === 'events_api') return JSON.stringify(parcel.payload)
  if (parcel.kind === 'interactive') {
    return new URLSearchParams({ payload: JSON.stringify(parcel.payload) }).toString()
  }
  const fields = Object.entries(parcel.payload).map(([key, value]) => [key, String(value)])
  return new URLSearchParams(Object.fromEntries(fields)).toString()
}

function headersOf(parcel: Parcel): Record<string, string> {
  // Bolt compares the content type as a whole: a charset behind it would be refused.
  const type = parcel.kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded'
  const { retry } = parcel
  const retried = retry && { 'x-slack-retry-num': `${retry.number}`, 'x-slack-retry-reason': retry.reason }
  return { 'content-type': type, 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)', ...retried }
}

async function postSigned(
  url: string,
  message: { headers: Record<string, string>; body: string },
  ackMs: number,
): Promise<Ack> {
  const startedAt = performance.now()
  const ms = () => Math.round(performance.now() - startedAt)
  const signal = AbortSignal.timeout(ackMs)
  try {
    const answer = await fetch(url, { method: 'POST', ...message, signal, redirect: 'manual' })
    const body = await answer.text()
    if (answer.status === 200) return { kind: 'acked', body: readAckBody(body), ms: ms() }
    const noRetry = answer.headers.get('x-slack-no-retry') === '1'
    return { kind: 'status', status: answer.status, noRetry, ms: ms() }
  } catch {
    return { kind: signal.aborted ? 'timeout' : 'unreachable', ms: ms() }
  }
}
