import { type Action, digestAction } from './action.ts'
import { canonical } from './canonical.ts'
import type { Digest } from './digest.ts'
import type { Deviation } from './execution.ts'
import { isObject, type Json, type JsonObject, pointerTo } from './json.ts'

type FieldDeviation = Extract<Deviation, { readonly kind: 'field' }>

/** So many differences are kept one by one. When there are more, one about the whole action follows them. */
export const mostFieldDeviations = 50

/**
 * What was done against what was approved, field by field; empty exactly when both have the same digest. Lists are compared by
 * position, keys in the order of the canonical form. Where there are too many, the last one has the pointer of the whole action
 * and both digests.
 */
export function fieldDeviations(approved: Action, actual: Action): readonly FieldDeviation[] {
  const all = differences(jsonOf(approved), jsonOf(actual), '')
  if (all.length <= mostFieldDeviations) return all
  return [...all.slice(0, mostFieldDeviations), digestDeviation(digestAction(approved), digestAction(actual))]
}

/** The whole action is another: all that can be said where only digests are known. */
export function digestDeviation(approved: Digest, actual: Digest): FieldDeviation {
  return { kind: 'field', pointer: '', approved, actual }
}

/** True for the one that is about the whole action, and has digests on both sides. */
export function isOfWhole({ pointer }: FieldDeviation): boolean {
  return pointer === ''
}

function jsonOf({ action, resource, params, environment }: Action): JsonObject {
  return { action, resource: { type: resource.type, id: resource.id }, params, environment }
}

function differences(approved: Json, actual: Json, pointer: string): FieldDeviation[] {
  const pairs = pairsOf(approved, actual)
  if (pairs === null) return sameLeaf(approved, actual) ? [] : [{ kind: 'field', pointer, approved, actual }]
  return pairs.flatMap(({ step, left, right }) => {
    const at = pointerTo(pointer, step)
    if (left === undefined || right === undefined) return [oneSided(at, left, right)]
    return differences(left, right, at)
  })
}

function oneSided(pointer: string, approved: Json | undefined, actual: Json | undefined): FieldDeviation {
  return {
    kind: 'field',
    pointer,
    ...(approved !== undefined && { approved }),
    ...(actual !== undefined && { actual }),
  }
}

interface Pair {
  readonly step: string | number
  readonly left: Json | undefined
  readonly right: Json | undefined
}

/** What has to be compared inside two lists or two objects; null for everything else, which is compared as it is. */
function pairsOf(left: Json, right: Json): readonly Pair[] | null {
  if (isList(left) && isList(right))
    return Array.from({ length: Math.max(left.length, right.length) }, (_, step) => ({
      step,
      left: left[step],
      right: right[step],
    }))
  if (!isObject(left) || !isObject(right)) return null
  const [one, other] = [new Map(Object.entries(left)), new Map(Object.entries(right))]
  const keys = [...new Set([...one.keys(), ...other.keys()])].sort()
  return keys.map((step) => ({ step, left: one.get(step), right: other.get(step) }))
}

/** As they are digested, so that 0 and -0 are one. */
function sameLeaf(left: Json, right: Json): boolean {
  return canonical([left]) === canonical([right])
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
