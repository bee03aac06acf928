/** Seconds: no service of Microsoft's asks for more, and a mistake in one answer must not silence us for days. */
export const longestWaitSeconds = 600

/**
 * Seconds in a `Retry-After` (RFC 9110, 10.2.3) in its usual form, at most `longestWaitSeconds`; null for any other. A date is for clocks
 * that agree.
 */
export function retryAfterIn(header: unknown): number | null {
  return typeof header === 'string' && /^\d+$/.test(header)
    ? Math.min(Number(header), longestWaitSeconds)
    : null
}
