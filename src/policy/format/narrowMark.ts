import type { Narrow } from '../../core/narrowing.ts'
import type { Param, ParamType } from '../catalogue.ts'

/** What is written as `narrow` beside a type, or the sentence that says what is wrong with it (docs/policy.md#narrowing). */
export function narrowOf(
  { type }: Pick<Param, 'type'>,
  { narrow, sensitive }: { readonly narrow?: unknown; readonly sensitive?: unknown },
): { readonly narrow?: Narrow } | string {
  if (narrow === undefined) return {}
  if (sensitive !== undefined)
    return 'must not be sensitive as well as narrowable: nobody lowers what is not shown to them'
  if (type === 'int') {
    const min = minIn(narrow)
    return min === null
      ? 'must say in `narrow` down to which whole number above zero it may be lowered, as in {type: int, narrow: {min: 1}}'
      : { narrow: { min } }
  }
  if (!hasNamedItems(type)) return 'must have `narrow` only where it is an int, or a list of string or int'
  return narrow === 'items'
    ? { narrow }
    : 'must have `narrow: items` where it is a list: items may be left out, but not all of them'
}

function minIn(narrow: unknown): number | null {
  const entries = Object.entries(typeof narrow === 'object' && narrow !== null ? narrow : {})
  const [name, min] = entries[0] ?? []
  const isMin = entries.length === 1 && name === 'min' && typeof min === 'number'
  return isMin && Number.isSafeInteger(min) && min > 0 ? min : null
}

/** People tick items by what they say. */
function hasNamedItems(type: ParamType): boolean {
  return typeof type === 'object' && (type.list === 'string' || type.list === 'int')
}
