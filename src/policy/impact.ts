import type { Action } from '../core/action.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { CatalogueAction } from './catalogue.ts'
import { glob } from './glob.ts'

/**
 * What the catalogue says for people of how bad an action can be, and whether what it sends stays inside: kept with the
 * verdict, so that a card of a year ago still says it. It decides nothing. Undefined where there is nothing to say.
 */
export function impactOf(
  { params }: Action,
  { reversible, consequence, destination }: CatalogueAction,
): JsonObject | undefined {
  const reach = destination ? reachOf(params[destination.param], destination.inside) : null
  if (reversible === undefined && consequence === undefined && reach === null) return undefined
  return {
    ...(reversible !== undefined && { reversible }),
    ...(consequence !== undefined && { consequence }),
    ...(destination && reach !== null && { destination: { param: destination.param, reach } }),
  }
}

/** Every place has to be the operator's own; null where the request names none. What is no text is nobody's. */
function reachOf(named: Json | undefined, inside: readonly string[]): 'inside' | 'outside' | null {
  if (named === undefined || named === null) return null
  const places: readonly Json[] = Array.isArray(named) ? named : [named]
  if (places.length === 0) return null
  const own = inside.map(glob)
  const isOurs = (place: Json): boolean => typeof place === 'string' && own.some((one) => one.fits(place))
  return places.every(isOurs) ? 'inside' : 'outside'
}
