import type { Difference, Looked } from './difference.ts'
import { momentIn } from './quantity.ts'

const dayMs = 86_400_000

/** A month is longer than another, and a week is sometimes asked for on its second day: that is no longer stretch. */
const tolerance = 1.15

/**
 * A stretch of time that is longer than any that was approved. The moments of one object are a stretch from the first to the last; one alone is one
 * from when it was asked for.
 */
export function widerIn(now: Looked, approved: readonly Looked[]): readonly Difference[] {
  const before = approved.map(stretchesOf)
  return [...stretchesOf(now)].flatMap(([path, width]): readonly Difference[] => {
    const widths = before.flatMap((its) => its.get(path) ?? [])
    if (widths.length === 0 || width <= Math.max(...widths) * tolerance + dayMs / 2) return []
    return [{ kind: 'wider', path, value: Math.round(width / dayMs) }]
  })
}

/** Milliseconds, by the path of the first moment. */
function stretchesOf({ leaves, askedAt }: Looked): ReadonlyMap<string, number> {
  const moments = new Map<string, { readonly path: string; readonly at: number }[]>()
  for (const [path, values] of leaves)
    for (const value of values) {
      const at = typeof value === 'string' ? momentIn(value) : null
      const object = path.replace(/\.[^.]*$/, '')
      if (at !== null) moments.set(object, [...(moments.get(object) ?? []), { path, at }])
    }
  return new Map(
    [...moments.values()].map((its) => {
      const times = its.map(({ at }) => at)
      const [only = 0] = times
      const width = its.length > 1 ? Math.max(...times) - Math.min(...times) : Math.abs(only - askedAt)
      return [its[0]?.path ?? '', width]
    }),
  )
}
