import { shortJson } from '../core/shortJson.ts'
import { areAlike, patternSpellings, spellings } from '../core/spelling.ts'
import type { ResourcesShape } from './format/resourcesSchema.ts'
import type { Path } from './format/source.ts'
import type { Fault } from './problem.ts'

/**
 * Names of one kind that differ only by case or look: whoever reads a card could not tell them apart, and a request that
 * means one would be taken for a misspelt other (threats: own-spelling). `at` is where the name of that number stands.
 */
export function alikeNames(
  names: readonly string[],
  at: (index: number) => Pick<Fault, 'path' | 'on'>,
): readonly Fault[] {
  const all = names.map((name) => ({ name, ids: spellings(name), types: null }))
  return alikePairs(all, ({ name }, { name: other }) => name !== other).map(({ index, one, other }) => ({
    ...at(index),
    code: 'name/look-alike',
    message: `${quoted(one)} differs from ${quoted(other)} only by case or look: rename one.`,
  }))
}

/** The same of patterns of the inventory, where their types can be one. */
export function alikePatterns(entries: ResourcesShape['resources']): readonly Fault[] {
  const all = entries.map(({ match }) => ({
    name: match,
    ids: patternSpellings(match.id),
    types: match.type === '*' ? null : spellings(match.type),
  }))
  const differ = (one: (typeof all)[number], other: (typeof all)[number]): boolean =>
    one.name.id !== other.name.id ||
    (one.name.type !== other.name.type && one.types !== null && other.types !== null)
  return alikePairs(all, differ).map(({ index, one, other }) => {
    const path: Path = ['resources', index, 'match']
    const message = `${sayMatch(one)} differs from ${sayMatch(other)} above only by case or look: keep one, spelled as requests have to spell it.`
    return { path, code: 'name/look-alike', message }
  })
}

interface Named<T> {
  readonly name: T
  readonly ids: ReadonlySet<string>
  /** Null: goes with any. */
  readonly types: ReadonlySet<string> | null
}

/** Each that has a spelling in common with an earlier one from which it differs, with that one. */
function alikePairs<T>(
  all: readonly Named<T>[],
  differ: (one: Named<T>, other: Named<T>) => boolean,
): readonly { readonly index: number; readonly one: T; readonly other: T }[] {
  const seen = new Map<string, Named<T>[]>()
  return all.flatMap((one, index) => {
    const earlier = [...one.ids].flatMap((id) => seen.get(id) ?? [])
    for (const id of one.ids) seen.set(id, [...(seen.get(id) ?? []), one])
    const other = earlier.find((another) => typesMeet(one, another) && differ(one, another))
    return other === undefined ? [] : [{ index, one: one.name, other: other.name }]
  })
}

function typesMeet(one: Named<unknown>, other: Named<unknown>): boolean {
  return one.types === null || other.types === null || areAlike(one.types, other.types)
}

function sayMatch({ type, id }: ResourcesShape['resources'][number]['match']): string {
  return `${shortJson(type, 100)} ${shortJson(id, 200)}`
}

function quoted(name: string): string {
  return shortJson(name, 200)
}
