import type { Action } from '../core/action.ts'
import type { Json } from '../core/json.ts'

/** Where in an approved action a value may stand, as a regular expression. */
export const approvedPlace = '(?:resource\\.(?:id|rest)|params\\.[A-Za-z_][A-Za-z0-9_-]{0,63})'

/** The value that people have approved there; undefined when the action has none. `pattern`: which resources the operator lets in. */
export function approvedValue(
  place: string,
  pattern: string,
  { resource, params }: Action,
): Json | undefined {
  if (place === 'resource.id') return resource.id
  if (place === 'resource.rest') return restOf(pattern, resource.id)
  const key = place.slice('params.'.length)
  return Object.hasOwn(params, key) ? params[key] : undefined
}

/** What the one star of the pattern stands for. */
function restOf(pattern: string, id: string): string | undefined {
  const [start, end, ...more] = pattern.split('*')
  if (start === undefined || end === undefined || more.length > 0) return undefined
  return id.slice(start.length, id.length - end.length)
}
