import type { Deviation } from '../core/execution.ts'
import { isObject, type Json } from '../core/json.ts'
import { mask, maskedDeviation, maskedParams } from '../core/mask.ts'
import type { Story, ToldDeviation, ToldReport } from './told.ts'

/**
 * A story without what the card hid from people: the values of those sensitive parameters by which no rule decided. Nor does it have a
 * digest of the action without a salt, by which somebody could try values. The values stand in values.ndjson, where they can be verified.
 */
export function maskedStory(story: Story): Story {
  const { hidden, params, reports, deviations, narrowed } = story
  if (hidden.length === 0) return story
  return {
    ...story,
    digest: null,
    params: paramsWithout(params, hidden),
    narrowed: narrowed && { ...narrowed, lowered: paramsWithout(narrowed.lowered, hidden) },
    reports: reports.map((one) => maskedReport(one, hidden)),
    deviations: deviations.map((one) => maskedDeviations(one, hidden)),
  }
}

function paramsWithout(params: Json | null, hidden: readonly string[]): Json | null {
  return isObject(params) ? maskedParams(params, hidden) : params
}

function maskedReport(report: ToldReport, hidden: readonly string[]): ToldReport {
  const { action = null, digest = null } = report.said
  const said = {
    ...report.said,
    digest: digest === null ? null : mask,
    action: isObject(action)
      ? { ...action, params: paramsWithout(action.params ?? null, hidden) ?? null }
      : action,
  }
  return { ...report, said }
}

function maskedDeviations(told: ToldDeviation, hidden: readonly string[]): ToldDeviation {
  if (!Array.isArray(told.all)) return told
  const all = told.all.map((one) => {
    if (!isObject(one) || typeof one.pointer !== 'string') return one
    // As it was recorded: what has a pointer is about a field.
    return { ...maskedDeviation(one as unknown as Deviation, hidden) }
  })
  return { ...told, all }
}
