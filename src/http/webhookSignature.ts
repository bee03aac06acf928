import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../core/refusal.ts'
import { headerOf, type ReceivedCall } from './call.ts'

/** How far, in seconds, the sender's clock may be from ours, either way. */
const toleranceSeconds = 5 * 60

export interface WebhookSignature {
  /** True when one of the signatures was made with this secret. Takes the same time whichever it is. */
  isBy(secret: Buffer): boolean
}

/**
 * The signature of a delivery after Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of id, timestamp and raw body,
 * several of them separated by spaces while a secret rotates. Other versions are skipped.
 *
 * @throws Refusal `unauthenticated` when a header is missing, malformed, too old or from the future
 */
export function readSignature(call: Pick<ReceivedCall, 'headers' | 'body'>, now: Date): WebhookSignature {
  const id = headerOf(call, 'webhook-id') ?? ''
  const timestamp = headerOf(call, 'webhook-timestamp') ?? ''
  const offered = (headerOf(call, 'webhook-signature') ?? '').split(' ').flatMap(macOf)
  if (id === '' || offered.length === 0) throw new Refusal('unauthenticated', 'no webhook signature')
  if (!/^\d{1,12}$/.test(timestamp)) throw new Refusal('unauthenticated', 'no webhook timestamp')
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > toleranceSeconds) {
    throw new Refusal('unauthenticated', 'webhook timestamp too far from our clock')
  }
  return {
    isBy(secret) {
      const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(call.body).digest()
      return offered.map((mac) => timingSafeEqual(mac, expected)).some(Boolean)
    },
  }
}

/** The 32 bytes of one `v1` signature, or none. */
function macOf(signature: string): readonly Buffer[] {
  const [, encoded] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(signature) ?? []
  return encoded === undefined ? [] : [Buffer.from(encoded, 'base64')]
}
