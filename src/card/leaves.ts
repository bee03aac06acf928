import type { Action } from '../core/action.ts'
import type { Json } from '../core/json.ts'

/** A value that holds no others. */
export type Scalar = string | number | boolean | null

/**
 * The values of an action by where they stand, as two actions are compared: `params.rule.ports[]` for each item of a list, whatever
 * its place in it. `environment` and `resource` stand beside the parameters, which begin with `params.`.
 */
export type Leaves = ReadonlyMap<string, readonly Scalar[]>

/** Beyond this nobody compares: an action that long is read, not glanced at. */
const mostLeaves = 2_000

/** Null of an action with too many values. */
export function leavesOf({ environment, resource, params }: Action): Leaves | null {
  const leaves = new Map<string, Scalar[]>([
    ['environment', [environment]],
    ['resource', [resource.id]],
  ])
  return collect(params, 'params', leaves) ? leaves : null
}

/** Whether all of it had room. */
function collect(value: Json, path: string, leaves: Map<string, Scalar[]>): boolean {
  if (typeof value !== 'object' || value === null) {
    const its = leaves.get(path)
    if (its) its.push(value)
    else leaves.set(path, [value])
    return leaves.size <= mostLeaves && (its?.length ?? 0) <= mostLeaves
  }
  if (Array.isArray(value)) return value.every((item) => collect(item, `${path}[]`, leaves))
  return Object.entries(value).every(([key, item]) => collect(item, `${path}.${key}`, leaves))
}
