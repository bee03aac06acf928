import { Refusal } from '../core/refusal.ts'
import { headerOf, type ReceivedCall } from './call.ts'

/** Visible ASCII, so that a key is the same text in every log and database. */
const pattern = /^[\x21-\x7e]{1,255}$/

/**
 * The idempotency key of a call, or null when it names none.
 *
 * `Idempotency-Key` comes as a structured-field string (`"k"`) or bare (`k`). A signed call's key is its `webhook-id`,
 * because only that is under the signature: were the header believed, a captured call could be sent again under a new
 * key and become a second request.
 *
 * @throws Refusal `invalid_request` for a key that is none, or a header that differs from the signed id
 */
export function idempotencyKeyOf(call: Pick<ReceivedCall, 'headers'>, via: 'api' | 'webhook'): string | null {
  const named = headerOf(call, 'idempotency-key')
  const key = named === undefined ? null : unquoted(named)
  if (key !== null && !pattern.test(key)) {
    refuse('The Idempotency-Key header must be 1 to 255 visible ASCII characters, quoted or not.')
  }
  if (via === 'api') return key

  const signedId = headerOf(call, 'webhook-id') ?? ''
  if (!pattern.test(signedId)) refuse('The webhook-id header must be 1 to 255 visible ASCII characters.')
  if (key !== null && key !== signedId) {
    refuse(
      'The key of a signed call is its webhook-id: leave the Idempotency-Key header out, or send the same.',
    )
  }
  return signedId
}

function unquoted(header: string): string {
  const [, inner] = /^\s*"(.*)"\s*$/.exec(header) ?? []
  return inner === undefined ? header.trim() : inner.replace(/\\(["\\])/g, '$1')
}

function refuse(detail: string): never {
  throw new Refusal('invalid_request', 'idempotency key', [{ pointer: '', detail }])
}
