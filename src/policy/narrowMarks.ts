import type { JsonObject } from '../core/json.ts'
import { type Narrow, narrowableIn } from '../core/narrowing.ts'
import type { CatalogueAction } from './catalogue.ts'

/** Which parameters of an action approvers may lower, and how far. */
export function narrowMarks(known: CatalogueAction | undefined): readonly (readonly [string, Narrow])[] {
  if (!known || known.params === 'open') return []
  return [...known.params].flatMap(([name, { narrow }]) => (narrow ? [[name, narrow] as const] : []))
}

/** Those that can be lowered as they were asked, as they are kept with the verdict (`storedMarks`). */
export function markedIn(known: CatalogueAction | undefined, params: JsonObject): JsonObject {
  const marks = narrowMarks(known)
  const can = narrowableIn(marks, params)
  const stored = marks.filter(([name]) => can.has(name))
  return Object.fromEntries(
    stored.map(([name, narrow]) => [name, narrow === 'items' ? narrow : { min: narrow.min }]),
  )
}
