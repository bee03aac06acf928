import type { Json } from '../../core/json.ts'
import type { Param } from '../../policy/catalogue.ts'
import { pathTo } from '../../policy/conditions/path.ts'
import { isHint } from '../lint/callerHints.ts'
import { bound, type Dimension, distinct, extremes, listed, mostValues } from './dimension.ts'
import type { Flow, Past } from './flows.ts'
import type { LeftOut } from './leftOut.ts'
import { quoted } from './quoted.ts'
import { readingBounds } from './readingBounds.ts'

/** The narrowest conditions that hold of all of some requests; or why there are none. */
export type Bounds =
  | { readonly conditions: readonly string[]; readonly dimensions: readonly Dimension[] }
  | { readonly why: LeftOut; readonly param?: string }

interface Declared extends Param {
  readonly name: string
}

/** What is bound in some way of its own, and what is bound to the values that were seen. */
interface Parts {
  readonly conditions: readonly string[]
  readonly dimensions: readonly Dimension[]
}

/**
 * What every one of these requests had in common, and nothing that none of them had: the resource, each parameter by its values, by
 * the least and the most, or by the items that its lists had. Parameters that are read are first required to be understood. What a
 * caller says of what it calls (`read_only_hint`) is never gone by.
 */
export function boundsOf({ known, resourceType, entry }: Flow, asked: readonly Past[]): Bounds {
  if (known.params === 'open') return { why: 'opaque' }
  const declared = [...known.params]
    .map(([name, param]): Declared => ({ name, ...param }))
    .filter(({ name }) => !isHint(pathTo('params', name)))
  const tie = tieOf(declared, asked)
  const resource = resourceParts({ resourceType, entry }, asked, tie)
  if ('why' in resource) return resource
  const parts: Parts[] = [resource]
  for (const param of declared) {
    const one = paramParts(param, asked, tie?.name === param.name)
    if ('why' in one) return { ...one, param: param.name }
    parts.push(one)
  }
  const dimensions = parts.flatMap((one) => one.dimensions)
  const exact = bound(dimensions)
  if (exact === null) return { why: 'varies' }
  return { conditions: [...parts.flatMap((one) => one.conditions), ...exact], dimensions }
}

/** A parameter that always says which resource it is, or all of its id behind a beginning that is always the same. */
function tieOf(declared: readonly Declared[], asked: readonly Past[]) {
  for (const { name, type, optional } of declared) {
    if (type !== 'string' || optional) continue
    const pairs = asked.map(
      ({ recorded: { ask } }) => [ask.action.resource.id, ask.action.params[name]] as const,
    )
    const begins = distinct(
      pairs.map(([id, value]) =>
        typeof value === 'string' && value !== '' && id.endsWith(value) ? id.slice(0, -value.length) : null,
      ),
    )
    const [begin] = begins
    if (begins.length === 1 && typeof begin === 'string') return { name, begin }
  }
  return null
}

type Tie = ReturnType<typeof tieOf>

/** Sensitivity and owner are what the operator says of it today: where that changes, people are asked again. */
function resourceParts(
  { resourceType, entry }: Pick<Flow, 'resourceType' | 'entry'>,
  asked: readonly Past[],
  tie: Tie,
): Parts | { readonly why: LeftOut } {
  const ids = asked.map(({ recorded }) => recorded.ask.action.resource.id)
  const same = [
    `resource.type == ${quoted(resourceType)}`,
    `resource.sensitivity == ${quoted(entry?.sensitivity ?? 'unknown')}`,
    ...(tie === null
      ? []
      : [`resource.id == ${tie.begin === '' ? '' : `${quoted(tie.begin)} + `}${pathTo('params', tie.name)}`]),
  ]
  if (distinct(ids).length <= mostValues)
    return { conditions: same, dimensions: [{ path: 'resource.id', presence: null, values: ids }] }
  const shape = shapeOf(ids)
  const [begin = '', ...others] = (entry?.match.id ?? '').split('*')
  if (entry === null || tie === null || shape === null || others.join('') !== '') return { why: 'untied' }
  const owner =
    entry.owner === null
      ? '!has(resource.owner)'
      : `has(resource.owner) && resource.owner == ${quoted(entry.owner)}`
  const longest = ids.reduce((most, { length }) => Math.max(most, length), 0)
  return {
    conditions: [
      ...same,
      owner,
      `resource.id.startsWith(${quoted(begin)}) && size(resource.id) <= ${longest} && resource.id.matches(${quoted(shape)})`,
    ],
    dimensions: [],
  }
}

/** The narrowest of some plain sets of characters that all of these consist of. */
function shapeOf(texts: readonly string[]): string | null {
  const shapes = ['^[0-9]+$', '^[A-Za-z0-9_-]+$', '^[A-Za-z0-9_.-]+$', '^[A-Za-z0-9_.:/-]+$']
  return shapes.find((shape) => texts.every((text) => new RegExp(shape).test(text))) ?? null
}

function paramParts(
  param: Declared,
  asked: readonly Past[],
  isTied: boolean,
): Parts | { readonly why: LeftOut } {
  const { name, optional, reads, type } = param
  const path = pathTo('params', name)
  const values = asked.map(({ recorded }) => valueIn(recorded.ask.action.params, name))
  const presence = !optional ? null : path === `params.${name}` ? `has(${path})` : `${quoted(name)} in params`
  const there = values.filter((value) => value !== null)
  if (there.length > 0 && (type === 'opaque' || (typeof type === 'object' && typeof type.list === 'object')))
    return { why: 'opaque' }
  const readings = asked.flatMap(({ readings }) => readings.get(name) ?? [])
  const understood = readings.flatMap((reading) => (reading.understood ? [reading.facts] : []))
  // What was left out is not understood either, and is left out again.
  if (reads !== undefined && understood.length < there.length) return { why: 'unread' }
  if (reads !== undefined && there.length > 0 && there.length < values.length) return { why: 'varies' }
  const first = reads !== undefined && there.length > 0 ? [`${pathTo('read', name)}.understood`] : []
  if (isTied) return { conditions: first, dimensions: [] }
  const own = ownBounds({ path, presence, values, there, isOrdered: reads === 'argv' })
  if (own !== null) return { conditions: [...first, ...own.conditions], dimensions: own.dimensions }
  const read = reads === undefined ? null : readingBounds(name, reads, understood)
  if (read === null) return { why: 'varies' }
  // Beside its facts also how all of them begin: that is narrower, and ties the rule to what will run.
  const begin = commonBeginning(there.filter((value) => typeof value === 'string'))
  const begins = begin === '' ? [] : [`${path}.startsWith(${quoted(begin)})`]
  return { conditions: [...first, ...begins, ...read], dimensions: [] }
}

interface Values {
  readonly path: string
  readonly presence: string | null
  readonly values: readonly Json[]
  readonly there: readonly Json[]
  /** Of a list, what its items mean depends on where they stand: it is bound as a whole. */
  readonly isOrdered: boolean
}

/** By what the values are; null where there are too many. */
function ownBounds({ path, presence, values, there, isOrdered }: Values): Parts | null {
  const different = distinct(there)
  if (there.every((value) => typeof value === 'string' || typeof value === 'boolean')) {
    if (different.length > mostValues) return null
    const exact = values.map((value) =>
      typeof value === 'string' || typeof value === 'boolean' ? value : null,
    )
    return { conditions: [], dimensions: [{ path, presence, values: exact }] }
  }
  const held = there.every((value) => typeof value === 'number')
    ? range(path, there as readonly number[])
    : (isOrdered ? wholeLists : listBounds)(path, there as readonly (readonly Json[])[])
  if (held === null) return null
  if (presence === null) return { conditions: [held], dimensions: [] }
  const isAlways = there.length === values.length
  const guard = isAlways ? `${presence} && ${held}` : `(!(${presence}) || ${held})`
  return { conditions: [guard], dimensions: [] }
}

function commonBeginning([first = '', ...others]: readonly string[]): string {
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1
  const begin = first.slice(0, length)
  // Never half of a character.
  return begin.isWellFormed() ? begin : begin.slice(0, -1)
}

function range(path: string, numbers: readonly number[]): string {
  const [least, most] = extremes(numbers)
  return least === most ? `${path} == ${least}` : `${path} >= ${least} && ${path} <= ${most}`
}

/** `cp a b` is not `cp b a`. */
function wholeLists(path: string, lists: readonly (readonly Json[])[]): string | null {
  const different = distinct(lists as readonly Json[]) as readonly (readonly string[])[] // declared as lists of texts
  if (different.length > mostValues) return null
  return `(${different.map((list) => `${path} == ${listed(list)}`).join(' || ')})`
}

function listBounds(path: string, lists: readonly (readonly Json[])[]): string | null {
  const [least, most] = extremes(lists.map(({ length }) => length))
  const size = [...(least > 0 ? [`size(${path}) >= ${least}`] : []), `size(${path}) <= ${most}`].join(' && ')
  const items = distinct(lists.flat())
  if (items.length === 0) return size
  if (items.every((item) => typeof item === 'number')) {
    const [low, high] = extremes(items)
    return `${path}.all(item, item >= ${low} && item <= ${high}) && ${size}`
  }
  const texts = items.filter((item) => typeof item === 'string')
  if (texts.length < items.length || texts.length > mostValues) return null
  return `${path}.all(item, item in ${listed(texts)}) && ${size}`
}

function valueIn(params: Readonly<Record<string, Json>>, name: string): Json {
  return (Object.hasOwn(params, name) ? params[name] : null) ?? null
}
