import { isOfWhole } from './deviation.ts'
import type { Deviation } from './execution.ts'
import type { Json, JsonObject } from './json.ts'

/** Instead of a value that people are not shown. Not even its length: that of a short one tells too much. */
export const mask = '•••• (sensitive)'

/** The parameters of an action as people may see them. */
export function maskedParams(params: JsonObject, hidden: readonly string[]): JsonObject {
  const entries = Object.entries(params).map(([name, value]): [string, Json] => [
    name,
    hidden.includes(name) ? mask : value,
  ])
  return Object.fromEntries(entries)
}

/** That it differs is told, and where; neither side is. */
export function maskedDeviation(deviation: Deviation, hidden: readonly string[]): Deviation {
  if (deviation.kind !== 'field') return deviation
  // Of the whole action both sides are digests, without a salt.
  const isHidden =
    isOfWhole(deviation) ||
    hidden.some((name) => {
      const at = `/params/${name}`
      return deviation.pointer === at || deviation.pointer.startsWith(`${at}/`)
    })
  if (!isHidden) return deviation
  const { pointer } = deviation
  return {
    kind: 'field',
    pointer,
    ...('approved' in deviation && { approved: mask }),
    ...('actual' in deviation && { actual: mask }),
  }
}
