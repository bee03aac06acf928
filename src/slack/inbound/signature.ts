import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds that a delivery may be old, or ahead of our clock. Bolt would accept any time in the future. */
const signatureTolerance = 300

export interface Signed {
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: Buffer
}

/** What Slack may sign with: while the secret is being replaced, also the one before. */
export interface SigningSecrets {
  readonly current: string
  /** Null when no other one is believed. */
  readonly previous: string | null
}

/** Which of the secrets Slack signed exactly these bytes with; null: with none, or at another time. */
export function secretOf(
  { current, previous }: SigningSecrets,
  signed: Signed,
  now: number,
): keyof SigningSecrets | null {
  if (isSignedBySlack(current, signed, now)) return 'current'
  return previous !== null && isSignedBySlack(previous, signed, now) ? 'previous' : null
}

/**
 * True when Slack signed exactly these bytes with our secret within the last, or next, five minutes
 * (docs.slack.dev: verifying requests from Slack). `now` in milliseconds. Compares in constant time.
 */
function isSignedBySlack(secret: string, signed: Signed, now: number): boolean {
  const { timestamp, signature, body } = signed
  if (timestamp === undefined || signature === undefined || !/^[0-9]{1,12}$/.test(timestamp)) return false
  if (Math.abs(now / 1_000 - Number(timestamp)) > signatureTolerance) return false
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  )
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
