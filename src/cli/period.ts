import { StartFault } from '../server/startFault.ts'

/** The moment that an option names, RFC 3339: a day is its first moment, in UTC. @throws StartFault when it names none */
export function momentOf(option: string, text: string): string {
  const isWritten = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const at = isWritten ? new Date(text) : null
  // 2026-02-30 is read as a day of March.
  if (at !== null && !Number.isNaN(at.getTime()) && isDay(text.slice(0, 10))) return at.toISOString()
  throw new StartFault({
    problem: `${option} is not a moment: ${text.slice(0, 60)}`,
    fix: 'Write a day, 2026-11-01 (its first moment in UTC), or a moment with its zone, 2026-11-01T09:30:00Z.',
  })
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** @throws StartFault when nothing lies between them */
export function inOrder(since: string, until: string): void {
  if (since < until) return
  throw new StartFault({
    problem: '--from is not before --to, so nothing lies between them.',
    fix: '--to is the first moment that does not belong to it: all of November is --from 2026-11-01 --to 2026-12-01.',
  })
}
