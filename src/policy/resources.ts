import type { Resource } from '../core/action.ts'
import type { JsonObject } from '../core/json.ts'
import { type Glob, glob } from './glob.ts'

/** How sensitive a resource can be said to be, weakest first. A resource that no entry matches is `unknown`. */
export const sensitivities = ['public', 'internal', 'restricted', 'secret'] as const
type Sensitivity = (typeof sensitivities)[number]

/** What the operator says about the resources that fit a pattern. `owner` is a name of the directory. */
export interface InventoryEntry {
  readonly match: { readonly type: string; readonly id: string }
  readonly sensitivity: Sensitivity
  readonly owner: string | null
  /** Where the resource is: no request about it can name another environment. */
  readonly environment: string | null
  readonly region: string | null
  readonly labels: JsonObject
}

export interface ResourceFacts {
  readonly sensitivity: Sensitivity | 'unknown'
  readonly owner: string | null
  readonly environment: string | null
  readonly region: string | null
  readonly labels: JsonObject
}

/** Entries ready to be looked up: patterns without a star by type and id, the others most specific first. */
export interface Inventory {
  readonly exact: ReadonlyMap<string, ReadonlyMap<string, InventoryEntry>>
  readonly globs: readonly { readonly id: Glob; readonly entry: InventoryEntry }[]
}

/** About a resource that no entry fits. */
export const nothingKnown: ResourceFacts = {
  sensitivity: 'unknown',
  owner: null,
  environment: null,
  region: null,
  labels: {},
}

/**
 * What is known about a resource: the most specific entry that fits it. An id without a star is more specific than one
 * with; then more characters that are not stars; then a type over `*`. Between equals the stricter sensitivity wins.
 * Whatever the agent says about sensitivity or owner has no part in this.
 */
export function lookUp(inventory: Inventory, resource: Resource): ResourceFacts {
  return entryFor(inventory, resource) ?? nothingKnown
}

/** The entry by which a resource is known; null where none fits. */
export function entryFor(inventory: Inventory, resource: Resource): InventoryEntry | null {
  for (const type of [resource.type, '*']) {
    const entry = inventory.exact.get(type)?.get(resource.id)
    if (entry) return entry
  }
  const fits = ({ id, entry }: Inventory['globs'][number]): boolean =>
    (entry.match.type === '*' || entry.match.type === resource.type) && id.fits(resource.id)
  return inventory.globs.find(fits)?.entry ?? null
}

/** Every entry, in no order that means anything. */
export function entriesOf(inventory: Inventory): readonly InventoryEntry[] {
  const exact = [...inventory.exact.values()].flatMap((byId) => [...byId.values()])
  return [...exact, ...inventory.globs.map(({ entry }) => entry)]
}

/** Compiles entries. No two may have the same type and id pattern: the loader has refused that. */
export function inventoryOf(entries: readonly InventoryEntry[]): Inventory {
  const exact = new Map<string, Map<string, InventoryEntry>>()
  const globs: { id: Glob; entry: InventoryEntry }[] = []
  for (const entry of entries) {
    const id = glob(entry.match.id)
    if (!id.exact) globs.push({ id, entry })
    else exact.set(entry.match.type, (exact.get(entry.match.type) ?? new Map()).set(entry.match.id, entry))
  }
  return { exact, globs: globs.sort(moreSpecificFirst) }
}

type Pattern = Inventory['globs'][number]

function moreSpecificFirst(left: Pattern, right: Pattern): number {
  const anyType = (pattern: Pattern): number => (pattern.entry.match.type === '*' ? 1 : 0)
  const rank = (pattern: Pattern): number => sensitivities.indexOf(pattern.entry.sensitivity)
  return (
    right.id.literals - left.id.literals ||
    anyType(left) - anyType(right) ||
    rank(right) - rank(left) ||
    (left.id.pattern < right.id.pattern ? -1 : 1) // so that the order in the file has no meaning
  )
}
