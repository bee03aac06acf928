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
const mostValues = 500

/** Null of an action with too many values. */
export function leavesOf({ environment, resource, params }: Action): Leaves | null {
  const leaves = new Map<string, Scalar[]>([
    ['environment', [environment]],
    ['resource', [resource.id]],
  ])
  return collect(params, 'params', { leaves, left: mostValues }) ? leaves : null
}

/** Whether all of it had room. */
function collect(
  value: Json,
  path: string,
  into: { readonly leaves: Map<string, Scalar[]>; left: number },
): boolean {
  if (typeof value !== 'object' || value === null) {
    into.left -= 1
    const its = into.leaves.get(path)
    if (its) its.push(value)
    else into.leaves.set(path, [value])
    return into.left >= 0
  }
  if (Array.isArray(value)) return value.every((item) => collect(item, `${path}[]`, into))
  return Object.entries(value).every(([key, item]) => collect(item, `${path}.${step(key)}`, into))
}

/** A name that could be taken for several steps, or for a list, stands in quotes: what was approved elsewhere is not approved here. */
function step(key: string): string {
  return /[.[\]"]/.test(key) || key === '' ? JSON.stringify(key) : key
}
