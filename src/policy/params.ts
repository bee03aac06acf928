import { type Json, type JsonObject, pointerTo } from '../core/json.ts'
import type { Problem } from '../core/refusal.ts'
import { jsonLimits } from '../core/strictJson.ts'
import type { CatalogueAction, Param, ParamType } from './catalogue.ts'
import { bundleLimits } from './limits.ts'
import { readers } from './readers/readers.ts'

/**
 * Where the parameters do not fit what the catalogue declares: a key it does not have, one that is missing, a wrong
 * type, an integer that is not safe. Empty when they fit. `null` counts as absent (docs/policy.md#actionsyaml). Pointers are
 * into the request; no value is repeated.
 */
export function misfits(declared: CatalogueAction['params'], params: JsonObject): readonly Problem[] {
  if (declared === 'open') return unreadable(params, '/params')
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(params)) {
    const param = declared.get(name)
    const pointer = pointerTo('/params', name)
    if (!param) problems.push({ pointer, detail: 'is not a parameter of this action' })
    else if (value !== null)
      problems.push(
        ...misfitsOf(param.type, value, { pointer, longest: longestOf(param) }),
        ...notMoney(param, value, pointer),
      )
  }
  for (const [name, param] of declared) {
    const absent = !Object.hasOwn(params, name) || params[name] === null
    if (absent && !param.optional)
      problems.push({ pointer: pointerTo('/params', name), detail: 'is missing' })
  }
  return problems
}

/** UTF-16 units of the texts of a parameter. */
export function longestOf({ reads }: Pick<Param, 'reads'>): number {
  return (reads && readers[reads].longest) ?? bundleLimits.text
}

/** A whole number beyond 2^53 would be compared rounded, so even open parameters may not hold one; nor a text that is too long. */
function unreadable(value: Json, pointer: string): readonly Problem[] {
  if (typeof value === 'string')
    return value.length > bundleLimits.text
      ? [{ pointer, detail: `must be ${textUpTo(bundleLimits.text)}` }]
      : []
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? [{ pointer, detail: `must be ${says.int}` }]
      : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => unreadable(item, pointerTo(pointer, name)))
}

interface Place {
  readonly pointer: string
  readonly longest: number
}

function misfitsOf(type: ParamType, value: Json, place: Place): readonly Problem[] {
  const { pointer, longest } = place
  if (type === 'string' && typeof value === 'string' && value.length > longest)
    return [{ pointer, detail: `must be ${textUpTo(longest)}` }]
  if (typeof type === 'string') return fits[type](value) ? [] : [{ pointer, detail: `must be ${says[type]}` }]
  if (!Array.isArray(value)) return [{ pointer, detail: 'must be a list' }]
  if (value.length > jsonLimits.items) return [{ pointer, detail: `has more than ${jsonLimits.items} items` }]
  return value.flatMap((item: Json, index) =>
    misfitsOf(type.list, item, { longest, pointer: pointerTo(pointer, index) }),
  )
}

function textUpTo(longest: number): string {
  return `text of at most ${longest} characters`
}

/** Zero moves nothing, and less than that would give back what was counted. */
function notMoney({ amount }: Param, value: Json, pointer: string): readonly Problem[] {
  if (amount === undefined || typeof value !== 'number' || value > 0) return []
  return [{ pointer, detail: `must be above zero: an amount of ${amount.currency} in its smallest unit` }]
}

type Scalar = Extract<ParamType, string>

const fits: Readonly<Record<Scalar, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  int: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  bool: (value) => typeof value === 'boolean',
  opaque: () => true,
}

const says: Readonly<Record<Scalar, string>> = {
  string: textUpTo(bundleLimits.text),
  int: 'a whole number below 2^53',
  number: 'a number',
  bool: 'true or false',
  opaque: 'anything',
}
