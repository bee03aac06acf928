import type { Json, JsonObject } from '../../core/json.ts'
import { jsonLimits } from '../../core/strictJson.ts'
import type { CatalogueAction, ParamType } from '../catalogue.ts'
import type { Facts } from '../facts.ts'
import { bind } from './bind.ts'
import type { Bindings } from './engine.ts'
import { fillersFor, type Text, textsOf } from './fillers.ts'
import type { Node } from './node.ts'
import { type Reading, readingsOf } from './reading.ts'

/** What the largest requests are made for. */
export interface Largest {
  readonly action: string
  readonly params: CatalogueAction['params']
  /** What will be evaluated on them. */
  readonly tree: Node
  /** Names of the bundle's windows. */
  readonly windows: readonly string[]
}

/**
 * The largest requests there can be (policy.md section 4.7): the 256 KiB shared between the parameters that the
 * condition reads, by their declared types or, where they are open, as texts, lists and numbers in turn. Each request is
 * made of one sort of text, because what keeps one loop going ends another.
 */
export function* largestRequests({ action, params, tree, windows }: Largest): Generator<Bindings> {
  const readings = readingsOf(tree)
  const read = readings.fields.get('params')
  const turns = params === 'open' && read ? turnsOf(read) : 1
  for (const filler of fillersFor(tree)) {
    for (let turn = 0; turn < turns; turn += 1) {
      const text = textsOf(filler)
      const written = params === 'open' ? openParams(read, text, turn) : declaredParams(params, read, text)
      const resource = { type: text(128, null), id: text(512, null) }
      yield bind(
        { action, resource, params: written, environment: 'prod' },
        factsWith(text, readings, windows),
        params,
      )
    }
  }
}

/** Where a value stands: its share of the bytes, and its number when it is in a list. */
interface Place {
  readonly size: number
  readonly nth: number | null
}

function declaredParams(declared: Declared, read: Reading | undefined, text: Text): JsonObject {
  const value = (type: ParamType, { size, nth }: Place): Json => {
    if (typeof type === 'object') return listOf(size, (place) => value(type.list, place))
    return { string: text(size - around, nth), int: largestInt, number: 1e300, bool: true, opaque: null }[
      type
    ]
  }
  const filled = [...declared].filter(([name]) => read?.fields.has(name))
  const size = jsonLimits.bytes / Math.max(1, filled.length)
  return Object.fromEntries(filled.map(([name, { type }]) => [name, value(type, { size, nth: null })]))
}
type Declared = Exclude<CatalogueAction['params'], 'open'>

/** Every value takes the next of the kinds it can have, `turn` by `turn`. */
function openParams(open: Reading | undefined, text: Text, turn: number): JsonObject {
  const value = (of: Reading | null, { size, nth }: Place): Json => {
    const kinds = kindsOf(of, nth)
    const kind = kinds[turn % kinds.length]
    if (kind === 'mapping') return mapping(of, { size, nth })
    if (kind === 'list') return listOf(size, (place) => value(of?.items ?? null, place))
    return kind === 'number' ? intOf(size) : text(size - around, nth)
  }
  const mapping = (of: Reading | null | undefined, { size, nth }: Place): JsonObject => {
    const fields = [...(of?.fields ?? [])]
    const share = { size: size / Math.max(1, fields.length), nth }
    return Object.fromEntries(fields.map(([name, field]) => [name, value(field, share)]))
  }
  return mapping(open, { size: jsonLimits.bytes, nth: null })
}

const largestInt = 2 ** 53 - 1
const intOf = (size: number): number => (size < 20 ? 1 : largestInt)
/** Bytes around a text: its quotes and its comma. */
const around = 3

/** No item is smaller than four bytes. */
function listOf(size: number, item: (place: Place) => Json): Json {
  const length = Math.max(1, Math.min(jsonLimits.items, Math.floor(size / (around + 1))))
  return Array.from({ length }, (_, nth) => item({ size: size / length, nth }))
}

/** What a value can plausibly be, from how it is read. A list of lists would not fit, unless it is read as one. */
function kindsOf(of: Reading | null, nth: number | null): readonly Kind[] {
  if (of !== null && of.fields.size > 0) return ['mapping']
  const read: readonly Kind[] = [
    ...(of?.items ? ['list' as const] : []),
    ...(of?.isText ? ['text' as const] : []),
  ]
  if (read.length > 0) return read
  return nth === null ? ['text', 'list', 'number'] : ['text', 'number']
}
type Kind = 'mapping' | 'list' | 'text' | 'number'

function turnsOf(of: Reading, nth: number | null = null): number {
  const inner = [...of.fields.values()].map((field) => turnsOf(field, nth))
  return Math.max(...inner, of.items ? turnsOf(of.items, 0) : 1, kindsOf(of, nth).length)
}

/** Everything beside the action at its largest; of labels and groups, which are many texts, those that are read. */
function factsWith(text: Text, readings: Reading, windows: readonly string[]): Facts {
  const read = (...path: readonly string[]): Reading | undefined =>
    path.reduce<Reading | undefined>((of, name) => of?.fields.get(name), readings)
  const labels = [...(read('resource', 'labels')?.fields.keys() ?? [])]
  const person = (of: Reading | undefined) => ({
    id: 'p',
    email: text(320, null),
    groups: of?.fields.has('groups') ? Array.from({ length: 200 }, (_, nth) => text(64, nth)) : [],
  })
  const at = '2026-11-24T14:00:00.000Z'
  return {
    at,
    environment: text(128, null),
    resource: {
      sensitivity: 'unknown',
      owner: text(64, null),
      region: text(128, null),
      labels: Object.fromEntries(labels.map((name) => [name, text(512, null)])),
    },
    agent: { id: 'a', model: text(128, null), owner: person(read('agent', 'owner')) },
    initiator: { ...person(read('initiator')), kind: 'human' },
    request: { reason: text(2_000, null), source: 'api' },
    time: { now: at, hour: 14, weekday: 'tue', date: '2026-11-24', windows: [...windows] },
  }
}
