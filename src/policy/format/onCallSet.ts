import { z } from 'zod'
import type { OnCallSource, Source } from '../../core/requirement.ts'
import { declaredPattern } from './demandSchema.ts'

/** Ids as PagerDuty makes them. */
const pagerdutyId = z.string().regex(/^[A-Z0-9]{3,40}$/)

const written = z.strictObject({
  pagerduty_schedule: pagerdutyId.optional(),
  pagerduty_escalation_policy: pagerdutyId.optional(),
  level: z.int().min(1).max(20).optional(),
  within: z.string(),
})

const shape =
  'must be {pagerduty_schedule: <id>, within: group:<name>} or {pagerduty_escalation_policy: <id>, within: group:<name>}, and may have `level`, from 1 to 20'

/**
 * One `oncall:` of the directory, or what is wrong with it. Without a group around it, whoever can edit a schedule elsewhere
 * could make anybody an approver, so there is none without (threats: left-the-group).
 */
export function onCallSet(
  name: string,
  value: unknown,
  group: (name: string) => Source | null,
): OnCallSource | string {
  if (!declaredPattern.test(name)) return `"${name}" must be oncall:<name>, in lower case.`
  if (typeof value === 'object' && value !== null && !('within' in value))
    return `"${name}" needs \`within: group:<name>\`: only people of that group may decide, whoever is on call.`
  const read = written.safeParse(value)
  if (!read.success) return `"${name}" ${shape}.`
  const { pagerduty_schedule: schedule, pagerduty_escalation_policy: escalationPolicy, level = 1 } = read.data
  const id = schedule ?? escalationPolicy
  if (id === undefined || (schedule !== undefined && escalationPolicy !== undefined))
    return `"${name}" ${shape}; one of the two.`
  const within = group(read.data.within)
  if (within === null || within.kind !== 'group')
    return `"${name}" is within "${read.data.within}", which is not a group of the directory.`
  const of = schedule === undefined ? 'escalation_policy' : 'schedule'
  return {
    ref: name,
    kind: 'oncall',
    address: ['pagerduty', of, id, level, within.address].join(':'),
    list: { provider: 'pagerduty', of, id, level },
    within,
  }
}
