import { type Html, html } from './html.ts'

const numbers = new Intl.NumberFormat('en-US')

/** `12,304`. */
export function numberText(count: number): string {
  return numbers.format(count)
}

/** `1 entry`, `12,304 entries`. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : more}`
}

/** `2026-11-03 14:03:22 UTC`. */
function momentText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`
}

export function moment(at: string): Html {
  return html`<time datetime="${at}">${at.slice(0, 10)} <span>${at.slice(11, 19)}</span></time>`
}

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]

/** `3 November 2026`. */
export function dayText(at: string): string {
  return `${Number(at.slice(8, 10))} ${months[Number(at.slice(5, 7)) - 1]} ${at.slice(0, 4)}`
}

/** Both ends as people say them: whole days by their names (the last one included), anything else by the second. */
export function periodText({ since, until }: { readonly since: string; readonly until: string }): string {
  if (!isMidnight(since) || !isMidnight(until)) return `${momentText(since)} to ${momentText(until)}`
  const last = new Date(Date.parse(until) - 1).toISOString()
  return since.slice(0, 10) === last.slice(0, 10) ? dayText(since) : `${dayText(since)} to ${dayText(last)}`
}

function isMidnight(at: string): boolean {
  return Date.parse(at) % 86_400_000 === 0
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** The two largest units of a time: `2 d 4 h`, `3 min 20 s`, `0 s`. */
export function timeText(seconds: number): string {
  const parts: string[] = []
  let rest = seconds
  for (const [name, length] of units) {
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0) parts.push(`${count} ${name}`)
    else if (parts.length > 0) break
  }
  return parts.slice(0, 2).join(' ') || '0 s'
}

/** The first characters of a digest: enough to tell two apart by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}
