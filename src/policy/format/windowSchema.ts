import { z } from 'zod'
import { type Window, weekdays } from '../time.ts'
import { mapping, properties } from './shape.ts'

const clock = z
  .string()
  .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a time of day such as "22:00", in quotes')
const endOfDay = z
  .string()
  .regex(
    /^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/,
    'must be a time of day such as "22:00", or "24:00", in quotes',
  )
const localMinute = z
  .string()
  .regex(/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]$/, {
    message: 'must be a local date and time such as 2026-12-18T00:00, without a zone',
  })
  .refine(isDate, 'must be a date that exists, of 1970 or later')

const window = properties({
  weekdays: z.array(z.enum(weekdays)).min(1, 'is an empty list: remove it, or name days').optional(),
  from: clock.optional(),
  to: endOfDay.optional(),
  start: localMinute.optional(),
  end: localMinute.optional(),
}).transform((written, context): Window => {
  const { from, to, start, end } = written
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  if (start !== undefined || end !== undefined) {
    if (start === undefined || end === undefined || Object.keys(written).length > 2)
      return refuse('must be either start and end, or from and to with weekdays')
    return start < end ? { kind: 'dated', start, end } : refuse('must end after it starts')
  }
  const days = written.weekdays ?? [...weekdays]
  if (from === undefined && to === undefined && written.weekdays !== undefined)
    return { kind: 'weekly', weekdays: days, from: '00:00', to: '24:00' }
  if (from === undefined || to === undefined) return refuse('must have both from and to')
  return from === to
    ? refuse('must not begin and end at the same time: for whole days, give weekdays only')
    : { kind: 'weekly', weekdays: days, from, to }
})

/** `windows` of bundle.yaml: names to stretches of time, in the bundle's zone (docs/policy.md#bundleyaml). */
export const windowsSchema = mapping(
  {
    pattern: /^[a-z0-9][a-z0-9._-]{0,63}$/,
    says: 'must be lower-case letters, digits, dots and dashes, at most 64',
  },
  window,
)

/** `Date` takes 30 February for 2 March. An earlier year is a slip of the hand. */
function isDate(written: string): boolean {
  const at = new Date(`${written}Z`)
  return at.getTime() >= 0 && at.toISOString().startsWith(written)
}
