import type { Resource } from '../core/action.ts'
import { areAlike, patternSpellings, spellings } from '../core/spelling.ts'
import { type Glob, glob } from './glob.ts'
import { entriesOf, type Inventory, type InventoryEntry } from './resources.ts'

/** The names that a bundle knows, by everything that could be taken for them. */
export interface KnownNames {
  readonly actions: Spelled
  /** Those of the list; without one, those that rules and the inventory name. */
  readonly environments: Spelled
  readonly resources: SpelledResources
}

interface Spelled {
  readonly known: ReadonlySet<string>
  /** From a spelling to a name that has it. */
  readonly alike: ReadonlyMap<string, string>
}

interface SpelledResources {
  /** Ids without a star, by type and id. */
  readonly exact: ReadonlyMap<string, InventoryEntry>
  /** Most specific first; no types: any. */
  readonly globs: readonly {
    readonly types: ReadonlySet<string> | null
    readonly ids: readonly Glob[]
    readonly entry: InventoryEntry
  }[]
}

/** What of a bundle has names. */
interface Vocabulary {
  readonly catalogue: ReadonlyMap<string, unknown>
  readonly environments: readonly string[] | null
  readonly rules: readonly { readonly match: { readonly environments: readonly string[] | null } }[]
  readonly inventory: Inventory
}

/** Everything that names of a bundle are compared by; made once, when it is loaded. */
export function knownNames({ catalogue, environments, rules, inventory }: Vocabulary): KnownNames {
  const places = environments ?? [
    ...rules.flatMap(({ match }) => match.environments ?? []),
    ...entriesOf(inventory).flatMap(({ environment }) => environment ?? []),
  ]
  return {
    actions: spelled(catalogue.keys()),
    environments: spelled(places),
    resources: spelledResources(inventory),
  }
}

/** The known name that this one is spelled almost like, or null; also null when it is known itself. */
export function almost({ known, alike }: Spelled, name: string): string | null {
  if (known.has(name)) return null
  const [meant = null] = [...spellings(name)].flatMap((spelling) => alike.get(spelling) ?? [])
  return meant
}

/** In the order of `lookUp`: the entry that would be found if spelling meant nothing. */
export function entryAlike(
  { exact, globs }: SpelledResources,
  { type, id }: Resource,
): InventoryEntry | null {
  const types = spellings(type)
  const ids = spellings(id)
  for (const oneType of [...types, '*'])
    for (const oneId of ids) {
      const entry = exact.get(keyOf(oneType, oneId))
      if (entry) return entry
    }
  const spelled = [...ids]
  const fits = (one: SpelledResources['globs'][number]): boolean =>
    (one.types === null || areAlike(one.types, types)) &&
    one.ids.some((pattern) => spelled.some(pattern.fits))
  return globs.find(fits)?.entry ?? null
}

function spelled(names: Iterable<string>): Spelled {
  const known = new Set(names)
  const alike = [...known].flatMap((name) =>
    [...spellings(name)].map((spelling) => [spelling, name] as const),
  )
  return { known, alike: new Map(alike) }
}

function spelledResources({ exact, globs }: Inventory): SpelledResources {
  const byName = new Map<string, InventoryEntry>()
  for (const entry of [...exact.values()].flatMap((byId) => [...byId.values()]))
    for (const type of typeSpellings(entry) ?? ['*'])
      for (const id of spellings(entry.match.id)) byName.set(keyOf(type, id), entry)
  return {
    exact: byName,
    globs: globs.map(({ entry }) => ({
      types: typeSpellings(entry),
      ids: [...patternSpellings(entry.match.id)].map(glob),
      entry,
    })),
  }
}

/** Null: any type. */
function typeSpellings({ match }: InventoryEntry): ReadonlySet<string> | null {
  return match.type === '*' ? null : spellings(match.type)
}

function keyOf(type: string, id: string): string {
  return JSON.stringify([type, id])
}
