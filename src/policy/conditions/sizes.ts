import { jsonLimits } from '../../core/strictJson.ts'
import type { CatalogueAction, ParamType } from '../catalogue.ts'
import { bundleLimits } from '../limits.ts'
import { toolSizes, toolType } from '../mcp/toolCall.ts'
import { longestOf } from '../params.ts'
import { readers } from '../readers/readers.ts'
import { conditionLimits } from './limits.ts'
import type { ValueType } from './valueType.ts'

/** How large a value can be. */
export interface Size {
  /** UTF-16 units of the text; 0 when it cannot be one. */
  readonly text: number
  /** Items of the list, or keys of the mapping; 0 when it is neither. */
  readonly items: number
  /** One of the items, when all are alike: that is the worst for everything that takes steps in proportion. */
  readonly item: Size | null
  /** Everything in it together, as JSON. */
  readonly bytes: number
  /** Whether nothing declares it, so that it can be anything, and what is done with it can fail. */
  readonly open: boolean
  /** How deep the list is made of other lists, each holding the one before: the engine goes through all for every item. */
  readonly links: number
}

/** A number, true or false, or a moment. */
export const scalar: Size = { text: 0, items: 0, item: null, bytes: 8, open: false, links: 0 }

export function textOf(length: number): Size {
  return { ...scalar, text: length, bytes: length }
}

export function listOf(items: number, item: Size, links = 0): Size {
  return { ...scalar, items, item, links, bytes: items * item.bytes, open: item.open }
}

/** Any JSON of so many bytes; at most two levels are gone through one by one. */
export function openOf(bytes: number, depth = 2): Size {
  const items = Math.min(jsonLimits.items, bytes)
  const item = depth > 0 ? openOf(Math.ceil(bytes / Math.max(1, items)), depth - 1) : null
  return { text: Math.min(bundleLimits.text, bytes), items, item, bytes, open: true, links: 0 }
}

/** The larger of two values that an expression can be. */
export function largerOf(left: Size, right: Size): Size {
  const [one, other] = left.bytes >= right.bytes ? [left, right] : [right, left]
  return {
    text: Math.max(one.text, other.text),
    items: Math.max(one.items, other.items),
    item: one.item && other.item ? largerOf(one.item, other.item) : (one.item ?? other.item),
    bytes: one.bytes,
    open: one.open || other.open,
    links: Math.max(one.links, other.links),
  }
}

/** What a request of one action can hold at most, at a path such as `['params', 'rows']`. */
export type Sizes = (path: readonly string[]) => Size

/**
 * Each parameter is as large as it can be by itself, though all of them share the bytes of one request: which of them an
 * agent fills is its choice.
 */
export function sizesFor({ params }: Pick<CatalogueAction, 'params'>, windows: number): Sizes {
  const facts = factSizes(windows)
  return ([root = '', ...steps]) => {
    const [name, field] = steps
    if (root === 'tool') return toolSize(name)
    if (root === 'read') return readSize(params, name, field)
    if (root !== 'params') return facts.get([root, ...steps].join('.')) ?? word
    if (params === 'open' || name === undefined) return openOf(jsonLimits.bytes)
    const declared = params.get(name)
    return declared ? declaredSize(declared.type, jsonLimits.bytes, longestOf(declared)) : scalar
  }
}

/** A fact that was read; all of them together where a condition looks at the whole. */
function readSize(params: CatalogueAction['params'], name = '', field = ''): Size {
  const reads = params === 'open' ? undefined : params.get(name)?.reads
  if (reads === undefined) return openOf(jsonLimits.bytes)
  const { facts, most } = readers[reads]
  if (field === 'understood') return scalar
  const type = facts[field] ?? facts[`${field}?`]
  return type ? sizeOf(type, most) : openOf(jsonLimits.bytes)
}

function toolSize(name = ''): Size {
  const field = toolType.kind === 'object' ? toolType.fields.get(name) : undefined
  return field && name !== 'arguments' ? sizeOf(field.type, toolSizes) : openOf(jsonLimits.bytes)
}

function sizeOf(type: ValueType, most: { readonly text: number; readonly items: number }): Size {
  if (type.kind === 'string') return textOf(most.text)
  if (type.kind === 'list') return listOf(most.items, type.of ? sizeOf(type.of, most) : scalar)
  if (type.kind !== 'object') return scalar
  const bytes = [...type.fields.values()].map((field) => sizeOf(field.type, most).bytes)
  return openOf(bytes.reduce((total, one) => total + one, 0))
}

function declaredSize(type: ParamType, bytes: number, longest: number): Size {
  if (typeof type !== 'object') return type === 'string' ? textOf(Math.min(longest, bytes)) : scalar
  const { items } = jsonLimits
  return listOf(items, declaredSize(type.list, Math.ceil(bytes / items), longest))
}

/** Every other fact: an id, a name, an address. */
const word = textOf(512)

function factSizes(windows: number): ReadonlyMap<string, Size> {
  const groups = listOf(conditionLimits.groups, textOf(64))
  return new Map([
    ['request.reason', textOf(2_000)],
    ['agent.owner.groups', groups],
    ['initiator.groups', groups],
    ['time.windows', listOf(windows, textOf(64))],
    ['time.hour', scalar],
    ['time.now', scalar],
  ])
}
