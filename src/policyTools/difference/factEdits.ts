import { pathTo } from '../../policy/conditions/path.ts'
import { entriesOf, type InventoryEntry, nothingKnown, type ResourceFacts } from '../../policy/resources.ts'
import { type Comparison, heldWithDefaults, looserThanUnmatched } from './comparison.ts'
import { type FactChange, shiftOf } from './factChange.ts'
import { letsSpellingsIn } from './spellingEdits.ts'

/** Edits of windows that can weaken: a sentence for each that a rule goes by. */
export function windowEdits(comparison: Comparison): readonly string[] {
  const { base, head } = comparison
  const names = [...new Set([...base.windows.keys(), ...head.windows.keys()])].sort()
  return names.flatMap((name) => {
    const [old, now] = [base.windows.get(name), head.windows.get(name)]
    if (JSON.stringify(old) === JSON.stringify(now)) return []
    const concerned = weakenedBy(comparison, { path: 'time.windows', member: name })
    const what = old === undefined ? 'is new' : now === undefined ? 'is gone' : 'was changed'
    return concerned.length > 0 ? [`The window ${name} ${what}, and ${goingBy(concerned)}.`] : []
  })
}

/**
 * Edits of resources.yaml that can weaken: a sentence for each entry by which a rule could apply no longer, a rule that
 * allows to more, or somebody else be asked, or another spelling be judged. An edit of facts that no rule goes by is silent.
 */
export function resourceEdits(comparison: Comparison): readonly string[] {
  const [old, now] = [entriesByMatch(comparison.base), entriesByMatch(comparison.head)]
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort()
  return keys.flatMap((key) => {
    const [from, to] = [old.get(key), now.get(key)]
    if (JSON.stringify(from) === JSON.stringify(to)) return []
    const entry = from ?? to
    const reasons = new Set([
      ...turns({ key, old, now }).flatMap((turn) =>
        rootsFor(comparison, entry?.match.type ?? '*').flatMap((root) =>
          turnReasons(comparison, { ...turn, root }),
        ),
      ),
      ...(entry && letsSpellingsIn(comparison, entry)
        ? ['names that are spelled almost like a known one are judged, and were refused']
        : []),
    ])
    const what = from === undefined ? 'is new' : to === undefined ? 'is gone' : 'was changed'
    const { type, id } = entry?.match ?? { type: '', id: '' }
    return reasons.size > 0
      ? [
          `The entry for ${/\s/.test(type + id) ? key : `${type} ${id}`} in resources.yaml ${what}: ${[...reasons].join('; ')}.`,
        ]
      : []
  })
}

/** By type and id as JSON: both may hold spaces. */
type Entries = ReadonlyMap<string, InventoryEntry>
interface Turn {
  readonly from: ResourceFacts
  readonly to: ResourceFacts
}

function entriesByMatch({ inventory }: Comparison['base']): Entries {
  return new Map(
    entriesOf(inventory).map((entry) => [JSON.stringify([entry.match.type, entry.match.id]), entry]),
  )
}

/**
 * What may be known of the resources of an entry before and after. One that is new or gone, or whose rank among equals
 * its sensitivity may change, makes way for others of its type, or of nothing.
 */
function turns({ key, old, now }: { key: string; old: Entries; now: Entries }): readonly Turn[] {
  const [from, to] = [old.get(key), now.get(key)]
  const isRanked = key.includes('*') && from?.sensitivity !== to?.sensitivity
  const beside = (entries: Entries, { type }: InventoryEntry['match']): readonly ResourceFacts[] => [
    nothingKnown,
    ...[...entries]
      .filter(
        ([other, { match }]) =>
          other !== key && [type, '*'].some((one) => type === '*' || match.type === one),
      )
      .map(([, entry]) => entry),
  ]
  return [
    ...(from && to ? [{ from, to }] : []),
    ...(to && (!from || isRanked) ? beside(old, to.match).map((facts) => ({ from: facts, to })) : []),
    ...(from && (!to || isRanked) ? beside(now, from.match).map((facts) => ({ from, to: facts })) : []),
  ]
}

/** Where conditions find what an entry says: of the resource of a request, and of others of its type. */
function rootsFor({ base }: Comparison, type: string): readonly string[] {
  const others = [...base.catalogue.values()].flatMap(({ resources = new Map() }) =>
    [...resources].flatMap(([name, resource]) => (type === '*' || resource.type === type ? [name] : [])),
  )
  return ['resource', ...[...new Set(others)].map((name) => `resources.${name}`)]
}

function turnReasons(
  comparison: Comparison,
  { from, to, root }: Turn & { readonly root: string },
): readonly string[] {
  const isFirst = root === 'resource'
  const names = new Set([...Object.keys(from.labels), ...Object.keys(to.labels)])
  const label = (facts: ResourceFacts, name: string): string | null => {
    const value = facts.labels[name]
    return typeof value === 'string' ? value : null
  }
  const fields = [
    ...(['sensitivity', 'owner', 'region', 'environment'] as const).map(
      (name) => [`${root}.${name}`, from[name], to[name]] as const,
    ),
    ...[...names].map(
      (name) => [pathTo(`${root}.labels`, name), label(from, name), label(to, name)] as const,
    ),
  ]
  const read = fields
    .filter(([, old, now]) => old !== now)
    .flatMap(([path, old, now]) => {
      const concerned = weakenedBy(comparison, { path, from: old, to: now })
      return concerned.length > 0
        ? [
            `${isFirst ? path.slice('resource.'.length) : path} ${old ?? 'none'} → ${now ?? 'none'}, and ${goingBy(concerned)}`,
          ]
        : []
    })
  const owner = isFirst ? 'owner' : `owner(${root.slice('resources.'.length)})`
  const asksOwner = [
    comparison.base.defaults,
    ...comparison.base.rules.flatMap(({ demand }) => demand ?? []),
  ].some(({ legs }) => legs.some((leg) => leg.from.includes(owner)))
  const isMoved = from.environment !== null && from.environment !== to.environment
  return [
    ...read,
    ...(asksOwner && to.owner !== null && to.owner !== from.owner
      ? [`its owner is ${to.owner} instead of ${from.owner ?? 'nobody'}, who is asked as \`${owner}\``]
      : []),
    ...(isFirst && isMoved
      ? [`requests may name ${to.environment ?? 'any environment'} instead of ${from.environment}`]
      : []),
  ]
}

/** Rules that such a change of facts makes weaker. Rules that were edited themselves are judged for what they were. */
function weakenedBy(comparison: Comparison, change: FactChange): readonly string[] {
  const { base } = comparison
  return [...comparison.before.values()]
    .filter((logic) => {
      const { gains, loses } = shiftOf(logic.rule, change)
      if (logic.rule.verdict === 'allow') return gains || (loses && heldWithDefaults(comparison, logic))
      return loses || (gains && looserThanUnmatched(base, logic.rule, base.unmatched.knownAction).length > 0)
    })
    .map(({ rule }) => `"${rule.id}"`)
}

function goingBy(rules: readonly string[]): string {
  const shown = rules.slice(0, 5)
  const more = rules.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''} ${rules.length === 1 ? 'goes' : 'go'} by it`
}
