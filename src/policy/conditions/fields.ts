import { didYouMean } from '../../core/nearest.ts'
import { pathOf } from './node.ts'
import type { Argument } from './operators.ts'
import { pathTo, rootOf } from './path.ts'
import { type Judge, type Judged, none, type Of, plain, type Scope, unknown } from './scope.ts'
import type { ValueType } from './valueType.ts'
import * as t from './valueType.ts'
import { nameOfType } from './valueType.ts'

/** A field of a fact, or `has()` of it. What may be absent has to have been shown to be there. */
export function select({ of, field, has, at }: Of<'select'>, scope: Scope, judge: Judge): Judged {
  const { type } = judge(of, scope)
  if (type === null) return unknown
  const path = pathOf({ kind: 'select', of, field, has, at })
  const found = fieldOf(type, field)
  if (path !== null && !isOwnVariable(path, scope)) scope.refs.add(path)
  if (found === null) return noField({ of, field, at }, type, scope)
  if (has) return { type: t.bool, yes: path === null ? none : new Set([path]), no: none }
  if (found.type.kind === 'opaque')
    return scope.refuse(
      at,
      'cel/unknown-field',
      `"${field}" is declared opaque: no condition can look into it.`,
    )
  if (!found.optional || (path !== null && scope.known.has(path)))
    return { ...plain(found.type), yes: shownBy(type, { of, field }) }
  const name = path ?? field
  const guard = guardOf(type, { of, field, name })
  const message = `"${name}" may be absent${inAction(scope)}: write ${guard} && before it.`
  return scope.refuse(at, 'cel/unguarded-optional', message)
}

/** What a field that is true shows to be there beside it. */
function shownBy(type: ValueType, { of, field }: Pick<Of<'select'>, 'of' | 'field'>): ReadonlySet<string> {
  const parent = pathOf(of)
  if (parent === null || type.kind !== 'object' || type.guard?.field !== field) return none
  return new Set(type.guard.shows.map((name) => pathTo(parent, name)))
}

/** What has to stand before a field that may be absent. */
function guardOf(
  type: ValueType,
  { of, field, name }: Pick<Of<'select'>, 'of' | 'field'> & { readonly name: string },
): string {
  const parent = pathOf(of)
  if (parent !== null && type.kind === 'object' && type.guard?.shows.includes(field))
    return pathTo(parent, type.guard.field)
  return /^[A-Za-z_]\w*$/.test(field) ? `has(${name})` : `"${field}" in ${parent ?? 'it'}`
}

function isOwnVariable(path: string, { variable }: Scope): boolean {
  return variable !== null && rootOf(path) === variable.name
}

function noField(
  { of, field, at }: Pick<Of<'select'>, 'of' | 'field' | 'at'>,
  type: ValueType,
  scope: Scope,
): Judged {
  const where = pathOf(of) ?? 'this'
  if (type.kind !== 'object') {
    const fix = /^(length|size|count)$/.test(field) ? ` Write ${where}.size().` : ''
    const message = `"${where}" is ${nameOfType(type)} and has no fields.${fix}`
    return scope.refuse(at, 'cel/type-mismatch', message)
  }
  const names = [...type.fields.keys()]
  const hint =
    didYouMean(field, names) || (names.length > 0 ? ` Known: ${names.join(', ')}.` : ' It has none.')
  const isOfAction = ['params', 'resources', 'budget'].includes(where)
  const message = `"${where}" has no field "${field}"${isOfAction ? inAction(scope) : ''}.${hint}`
  return scope.refuse(at, 'cel/unknown-field', message)
}

function fieldOf(type: ValueType, field: string): t.Field | null {
  if (type.kind === 'dyn') return { type: t.dyn, optional: true }
  if (type.kind === 'map') return { type: t.string, optional: true }
  if (type.kind !== 'object') return null
  return type.fields.get(field) ?? (type.open ? { type: t.dyn, optional: true } : null)
}

export function hasField(type: ValueType | undefined, field: string): boolean {
  return type?.kind === 'object' && type.fields.has(field)
}

/** `"name" in mapping` shows that `mapping.name` is there. */
export function present({ args }: Of<'call'>, [, within]: readonly Argument[]): Judged {
  const [item, mapping] = args
  const isMapping =
    within?.type.kind === 'map' || within?.type.kind === 'object' || within?.type.kind === 'dyn'
  const path = mapping && isMapping ? pathOf(mapping) : null
  const name = item?.kind === 'literal' ? item.value : null
  return {
    type: t.bool,
    yes: path !== null && typeof name === 'string' ? new Set([pathTo(path, name)]) : none,
    no: none,
  }
}

/** `mapping["name"]` is `mapping.name`; items of lists are not read by number, because there may be fewer. */
export function index({ args, at }: Of<'call'>, scope: Scope, judge: Judge): Judged {
  const [of, key] = args
  if (of && key?.kind === 'literal' && typeof key.value === 'string')
    return select({ kind: 'select', of, field: key.value, has: false, at }, scope, judge)
  const message = 'A list may have fewer items, so they are not read by number: use exists, all or in.'
  return scope.refuse(at, 'cel/may-fail', message)
}

function inAction({ variant }: Scope): string {
  const [first, ...others] = variant.actions
  return first === undefined ? '' : ` in ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`
}
