/** Slack timestamps are seconds with a fraction that makes them unique: "1764000000.000100". */
export function tsToMs(ts: string): number {
  return Math.floor(Number.parseFloat(ts) * 1000)
}

/** "14:05", in the browser's time zone. */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

/** "Today", "Yesterday", "Tomorrow" or "Sunday, 22 November". */
export function dayName(ms: number, nowMs: number): string {
  const days = Math.round((startOfDay(nowMs) - startOfDay(ms)) / 86_400_000)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days === -1) return 'Tomorrow'
  return new Date(ms).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })
}

/** "0.4 s", "12 s", "3 min 05 s": how long an agent has been waiting. */
export function elapsed(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/**
 * A `<!date^…>` token: `{time}`, `{date}`, `{date_short}` and their relatives, in the browser's time zone.
 * A token that Slack does not know makes Slack show the fallback; so do we.
 */
export function slackDate(ms: number, format: string, fallback: string, nowMs: number): string {
  if (!Number.isFinite(ms)) return fallback
  let unknown = false
  const text = format.replace(/\{([a-z_]+)\}/g, (_, token: string) => {
    const drawn = dateToken(token, ms, nowMs)
    if (drawn === null) unknown = true
    return drawn ?? ''
  })
  return unknown ? fallback : text
}

function dateToken(token: string, ms: number, nowMs: number): string | null {
  const at = new Date(ms)
  if (token === 'time') return clockTime(ms)
  if (token === 'time_secs') return at.toLocaleTimeString('en-GB')
  if (token === 'date_num') return new Date(ms).toLocaleDateString('sv-SE')
  if (token === 'ago') return ago(ms, nowMs)
  const [base, pretty] = token.endsWith('_pretty') ? [token.slice(0, -7), true] : [token, false]
  const style = dateStyles[base]
  if (!style) return null
  const day = dayName(ms, nowMs)
  if (pretty && /^(Today|Yesterday|Tomorrow)$/.test(day)) return day.toLowerCase()
  return at.toLocaleDateString('en-GB', style)
}

const dateStyles: Record<string, Intl.DateTimeFormatOptions> = {
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  date_short: { day: 'numeric', month: 'short', year: 'numeric' },
  date_long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
}

function ago(ms: number, nowMs: number): string {
  const minutes = Math.round(Math.abs(nowMs - ms) / 60_000)
  const span =
    minutes < 60
      ? `${minutes} min`
      : minutes < 1440
        ? `${Math.round(minutes / 60)} h`
        : `${Math.round(minutes / 1440)} d`
  return ms > nowMs ? `in ${span}` : `${span} ago`
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}
