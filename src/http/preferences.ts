/** The longest wait, in seconds: proxies and SDKs give up at 60. */
const longestWaitSeconds = 55

/**
 * The `wait` preference (RFC 7240) in seconds, at most 55, or null when there is none. A preference that is not
 * understood is ignored, as the RFC asks; of several, the first counts.
 */
export function waitOf(prefer: string | undefined): number | null {
  for (const preference of (prefer ?? '').split(',')) {
    const [, name, quoted, bare] =
      /^\s*([\w-]+)\s*=\s*(?:"(\d{1,9})"|(\d{1,9}))\s*(?:;.*)?$/.exec(preference) ?? []
    if (name?.toLowerCase() === 'wait') return Math.min(Number(quoted ?? bare), longestWaitSeconds)
  }
  return null
}
