import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds that a delivery may be old, or ahead of our clock. Bolt would accept any time in the future. */
const signatureTolerance = 300

export interface Signed {
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: Buffer
}

/**
 * True when Slack signed exactly these bytes with our secret within the last, or next, five minutes
 * (docs.slack.dev: verifying requests from Slack). `now` in milliseconds. Compares in constant time.
 */
export function isSignedBySlack(secret: string, signed: Signed, now: number): boolean {
  const { timestamp, signature, body } = signed
  if (timestamp === undefined || signature === undefined || !/^[0-9]{1,12}$/.test(timestamp)) return false
  if (Math.abs(now / 1_000 - Number(timestamp)) > signatureTolerance) return false
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  )
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
