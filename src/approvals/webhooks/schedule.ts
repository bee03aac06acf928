import { createHash } from 'node:crypto'

/** Seconds between attempts: a little less than a day in all. Some 20 % more or less, so that what failed together does not return together. */
const waits = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800] as const
const spread = 0.2

/** As often is a message sent at most. */
export const mostAttempts = waits.length + 1

/**
 * When to try again after so many attempts; `retryAfterSeconds` is what the other side asked for, at least. Null when there is no
 * attempt left. The spread follows from the message, so that every replica says the same.
 */
export function nextAttempt(
  now: Date,
  of: { readonly delivery: string; readonly attempts: number; readonly retryAfterSeconds: number | null },
): string | null {
  const wait = waits[of.attempts - 1]
  if (wait === undefined) return null
  const drawn = createHash('sha256').update(`${of.delivery} ${of.attempts}`).digest().readUInt32BE() / 2 ** 32
  const own = wait * (1 - spread + 2 * spread * drawn)
  const asked = Math.min(of.retryAfterSeconds ?? 0, longestAsked)
  return new Date(now.getTime() + Math.max(own, asked) * 1_000).toISOString()
}

/** Seconds: what is asked beyond the longest wait of our own is not waited for. */
const longestAsked = Math.max(...waits)
