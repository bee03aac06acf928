import type { Resource } from '../core/action.ts'
import type { Facts } from './facts.ts'
import { bundleLimits } from './limits.ts'
import { type Inventory, lookUp, sensitivities } from './resources.ts'

type Known = Pick<Facts['resource'], 'sensitivity' | 'labels'>
type RunFacts = NonNullable<Facts['run']>

/** A read that was let through. */
export interface EarlierRead {
  readonly request: string
  /** The last moment at which it may have happened, as far as is known. RFC 3339. */
  readonly at: string
  readonly resource: Resource
  /** What was judged of it then; null where that is not kept any more, or of a form that is not known. */
  readonly facts: Facts | null
}

/** Reads that are named to people. */
const named = 5

/**
 * What these reads come to, for conditions and for people: the sensitivities and labels that the inventory had when each was asked; where that was
 * erased, what it has now. Null where it is more than conditions can look at: then nothing is known of the run, which counts the stricter way.
 */
export function runFactsFrom(
  reads: readonly EarlierRead[],
  { inventory, ...scope }: { readonly inventory: Inventory } & Pick<RunFacts, 'since' | 'of'>,
): RunFacts | null {
  const all = reads.map((read) => ({ ...read, known: knownOf(read, inventory) }))
  const known = all.flatMap((one) => one.known)
  const labels = new Set(
    known.flatMap((one) => Object.entries(one.labels).map(([name, value]) => `${name}=${value}`)),
  )
  if (labels.size > bundleLimits.runLabels) return null
  return {
    sensitivities: [...new Set(known.map(({ sensitivity }) => sensitivity))].sort(byRank),
    labels: [...labels].sort(),
    ...scope,
    ...(all.length > 0 && { reads: toldOf(all) }),
  }
}

function knownOf({ facts, resource }: EarlierRead, inventory: Inventory): readonly Known[] {
  if (facts) return [facts.resource, ...Object.values(facts.resources ?? {})]
  const { sensitivity, labels } = lookUp(inventory, resource)
  const texts = Object.entries(labels).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  return [{ sensitivity, labels: Object.fromEntries(texts) }]
}

/** Each resource once, the most sensitive and the newest first. */
function toldOf(
  all: readonly (EarlierRead & { readonly known: readonly Known[] })[],
): NonNullable<RunFacts['reads']> {
  const told = all.map(({ request, at, resource: { type, id }, known }) => {
    const [sensitivity = 'unknown'] = known.map((one) => one.sensitivity).sort(byRank)
    return { request, at, type, id, sensitivity }
  })
  const ordered = told.sort(
    (one, other) => byRank(one.sensitivity, other.sensitivity) || (one.at < other.at ? 1 : -1),
  )
  const once = new Map(ordered.toReversed().map((one) => [JSON.stringify([one.type, one.id]), one]))
  return [...once.values()].reverse().slice(0, named)
}

/** What nothing is known of is between what is harmless and what is not. */
const ranks: readonly string[] = [...sensitivities.slice(0, 2), 'unknown', ...sensitivities.slice(2)]

function byRank(one: string, other: string): number {
  return ranks.indexOf(other) - ranks.indexOf(one)
}
