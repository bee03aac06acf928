const units = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `30s`, `15m`, `2h`, `1d`: whole numbers of one unit, at least 1, as the API and policy write them. */
export const durationPattern = /^[1-9][0-9]{0,6}[smhd]$/

/** Seconds in a duration such as `15m`. @throws RangeError when the text is not one: check with `durationPattern` first. */
export function secondsIn(duration: string): number {
  if (!durationPattern.test(duration)) throw new RangeError('not a duration')
  const unit = duration.at(-1) as keyof typeof units // the pattern allows only these
  return Number(duration.slice(0, -1)) * units[unit]
}

/** The shortest way to write a number of seconds: 5400 is `90m`. */
export function formatDuration(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (seconds >= units[unit] && seconds % units[unit] === 0) return `${seconds / units[unit]}${unit}`
  }
  return `${seconds}s`
}
