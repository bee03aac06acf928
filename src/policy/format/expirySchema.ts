import { z } from 'zod'
import { formatDuration, secondsIn } from '../../core/duration.ts'
import { bundleLimits } from '../limits.ts'
import type { WorkingHours } from '../time.ts'
import { weekdays } from '../time.ts'
import { coded, duration, properties } from './shape.ts'

/** `4 working hours`, at most 200. */
export const workingHoursPattern = /^([1-9][0-9]?|1[0-9]{2}|200) working hours?$/

/** How long something waits; seconds of working hours where `working`. */
export interface Expiry {
  readonly seconds: number
  readonly working: boolean
}

/** A duration such as `45m`, or working hours. */
export const expiry = z.string().transform((written, context): Expiry => {
  const [, hours] = workingHoursPattern.exec(written) ?? []
  if (hours !== undefined) return { seconds: Number(hours) * 3_600, working: true }
  const read = duration.safeParse(written)
  if (read.success) return { seconds: read.data, working: false }
  const message =
    'must be a duration of at most 30 days, such as 15m, 2h or 1d, or such as 4 working hours, at most 200'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** As it is written. */
export function sayExpiry({ seconds, working }: Expiry): string {
  if (!working) return formatDuration(seconds)
  const hours = seconds / secondsIn('1h')
  return `${hours} working ${hours === 1 ? 'hour' : 'hours'}`
}

const timeOfDay = z
  .string()
  .regex(/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, 'must be a time of day such as "09:00", in quotes')
const date = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'must be a date such as "2026-12-25", in quotes')
  .refine(isDate, 'must be a date that exists')

/** `working_hours` of bundle.yaml (docs/policy.md#bundleyaml). */
export const workingHoursSchema = properties({
  weekdays: z
    .array(z.enum(weekdays))
    .min(1, 'is an empty list: deadlines that count working hours would never come'),
  from: timeOfDay,
  to: timeOfDay,
  holidays: z
    .array(date)
    .max(bundleLimits.holidays, `must have at most ${bundleLimits.holidays} dates`)
    .optional(),
}).transform(({ holidays = [], ...hours }, context): WorkingHours => {
  if (hours.from < hours.to) return { ...hours, holidays }
  context.addIssue(
    coded(
      'schema/value',
      'This has no hours: deadlines that count them would never come. `to` is later than `from`.',
    ),
  )
  return z.NEVER
})

function isDate(written: string): boolean {
  const at = new Date(`${written}T00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written)
}
