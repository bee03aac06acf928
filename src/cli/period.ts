import type { Period } from '../approvals/evidence/records.ts'
import { StartFault } from '../server/startFault.ts'

/** The options by which a command is told which time it is about. */
export interface PeriodOptions {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** What both options say in help. */
export const periodHelp = {
  from: 'the first day, such as 2026-10-01 (UTC), or a moment, 2026-10-01T09:30:00Z; from the beginning when left out',
  to: 'the last day, such as 2026-12-31 (UTC, all of it), or the moment before which; until now when left out',
} as const

/**
 * The period that was asked for; null when neither is given: everything. A day with --to is meant as a whole, so that what happened on
 * the last day of a year is in the evidence of that year.
 *
 * @throws StartFault
 */
export function periodOf({ from, to }: PeriodOptions): Period | null {
  if (from === undefined && to === undefined) return null
  const since = from === undefined ? new Date(0) : momentOf('--from', from)
  const until = to === undefined ? endOfTime : endOf(to)
  if (since < until) return { since: since.toISOString(), until: until.toISOString() }
  throw new StartFault({
    problem: '--from is not before --to, so nothing lies between them.',
    fix: 'All of November is --from 2026-11-01 --to 2026-11-30.',
  })
}

/** The last moment whose text still sorts as its time does; the year after is written with a plus sign. */
const endOfTime = new Date('9999-12-31T23:59:59.999Z')

const aDay = /^\d{4}-\d{2}-\d{2}$/
const aMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/
const dayMs = 86_400_000

function endOf(text: string): Date {
  const at = momentOf('--to', text)
  return aDay.test(text) ? new Date(at.getTime() + dayMs) : at
}

/** A day is its first moment, in UTC. */
function momentOf(option: string, text: string): Date {
  const at = aDay.test(text) || aMoment.test(text) ? new Date(text) : null
  if (at !== null && !Number.isNaN(at.getTime()) && isDay(text.slice(0, 10))) return at
  throw new StartFault({
    problem: `${option} is not a moment: ${text.slice(0, 60)}`,
    fix: 'Write a day, 2026-11-01 (in UTC), or a moment with its zone, 2026-11-01T09:30:00Z.',
  })
}

/** 2026-02-30 would be read as a day of March. */
function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
