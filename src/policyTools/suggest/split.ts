import type { Past } from './flows.ts'
import { type Decided, decidedEnough, type Thresholds } from './said.ts'

/** The requests by what they have in one parameter that differs too much; only what was decided often enough by itself. */
export function splitBy(param: string, { asked }: Decided, thresholds: Thresholds): readonly Decided[] {
  const parts = new Map<string, Past[]>()
  for (const one of asked) {
    const value = JSON.stringify(one.recorded.ask.action.params[param] ?? null)
    const part = parts.get(value)
    if (part) part.push(one)
    else parts.set(value, [one])
  }
  return [...parts]
    .sort(([left, one], [right, other]) => other.length - one.length || (left < right ? -1 : 1))
    .flatMap(([, part]) => decidedEnough(part, thresholds) ?? [])
}
