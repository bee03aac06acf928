import { isObject, type Json, type JsonObject, pointerTo } from './json.ts'
import type { Problem } from './refusal.ts'
import type { AnyRequest } from './request.ts'

/** How far a parameter may be lowered: a whole number down to `min`; a list by leaving items out, not all of them. */
export type Narrow = { readonly min: number } | 'items'

/** What an approver may lower of one action as it was asked, by parameter. */
export type Narrowable = ReadonlyMap<string, NarrowableParam>

export type NarrowableParam =
  | { readonly value: number; readonly min: number }
  | { readonly items: readonly (string | number)[] }

/** What parameters are lowered to, by their names: whole numbers, and the items that are left of lists. */
export type Lowered = Readonly<Record<string, Json>>

/** Of the parameters that the policy marks, those that can still be lowered as they were asked. */
export function narrowableIn(marks: Iterable<readonly [string, Narrow]>, params: JsonObject): Narrowable {
  const found = new Map<string, NarrowableParam>()
  for (const [name, narrow] of marks) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    const can = value === undefined ? null : canLower(narrow, value)
    if (can) found.set(name, can)
  }
  return found
}

function canLower(narrow: Narrow, value: Json): NarrowableParam | null {
  if (narrow === 'items') {
    const items = itemsIn(value)
    return items && items.length > 1 ? { items } : null
  }
  return typeof value === 'number' && Number.isSafeInteger(value) && value > narrow.min
    ? { value, min: narrow.min }
    : null
}

function itemsIn(value: Json): readonly (string | number)[] | null {
  if (!Array.isArray(value)) return null
  const items = value.filter((one) => typeof one === 'string' || typeof one === 'number')
  return items.length === value.length ? items : null
}

/**
 * The parameters of the narrowed action, or why it is none: a number is lower than it was asked and at least the minimum, a list has some
 * of its items, at least one, in their order, and everything else is as it was. What is named as it was asked is not lowered; something is.
 */
export function narrowedParams(
  narrowable: Narrowable,
  params: JsonObject,
  lowered: Lowered,
): { readonly params: JsonObject } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const next: Record<string, Json> = { ...params }
  let isLess = false
  for (const [name, to] of Object.entries(lowered)) {
    const pointer = pointerTo('/narrow', name)
    const param = narrowable.get(name)
    if (!param) {
      problems.push({ pointer, detail: 'This cannot be lowered: the policy does not say that it may be.' })
      continue
    }
    const detail = 'items' in param ? notFewer(param.items, to) : notLower(param, to)
    if (detail !== null) problems.push({ pointer, detail })
    else if (!isSame('items' in param ? param.items : param.value, to)) {
      next[name] = to
      isLess = true
    }
  }
  if (problems.length > 0) return { problems }
  return isLess
    ? { params: next }
    : { problems: [{ pointer: '/narrow', detail: 'Nothing is lower than it was asked.' }] }
}

function isSame(asked: Json | readonly Json[], to: Json): boolean {
  return JSON.stringify(asked) === JSON.stringify(to)
}

function notLower({ value, min }: { readonly value: number; readonly min: number }, to: Json): string | null {
  const fits = typeof to === 'number' && Number.isSafeInteger(to) && to >= min && to <= value
  return fits ? null : `It has to be a whole number from ${said(min)} to ${said(value)}.`
}

function notFewer(items: readonly (string | number)[], to: Json): string | null {
  const left = itemsIn(to)
  if (!left) return 'It has to be a list of items that were asked for.'
  if (left.length === 0) return 'At least one has to be left.'
  let at = 0
  for (const item of items) if (at < left.length && item === left[at]) at += 1
  return at === left.length
    ? null
    : 'Items can only be left out: none is added, and they stay in their order.'
}

function said(value: number): string {
  return value.toLocaleString('en')
}

/** What policy said, when the request was made, that its approvers may lower; empty where it said nothing, or it is decided with others. */
export function narrowableOf({ action, verdict, state, set, rollsBack }: NarrowedRequest): Narrowable {
  const { narrowable } = verdict.facts
  const isOpen = state === 'pending' && verdict.kind === 'require_approval'
  if (!isOpen || set || rollsBack !== undefined || !isObject(narrowable)) return new Map()
  const marks = Object.entries(narrowable).flatMap(([name, mark]): (readonly [string, Narrow])[] => {
    if (mark === 'items') return [[name, mark]]
    return isObject(mark) && typeof mark.min === 'number' ? [[name, { min: mark.min }]] : []
  })
  return narrowableIn(marks, action.params)
}

type NarrowedRequest = Pick<AnyRequest, 'action' | 'verdict' | 'state' | 'set' | 'rollsBack'>
