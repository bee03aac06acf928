import type { Source } from '../core/requirement.ts'
import type { Bundle, Demand } from './bundle.ts'
import { ownerIn } from './owners.ts'
import { entriesOf } from './resources.ts'

/**
 * Every set of people from which the bundle may want an agreement: each leg of each rule and of the defaults, with each owner of the
 * inventory where it asks owners, and wider by whom each escalation brings in. Several legs that ask the same people are one set.
 */
export function askedSets(bundle: Bundle): readonly (readonly Source[])[] {
  const { people, rules, defaults } = bundle
  const demands = [defaults, ...rules.flatMap(({ mode, demand }) => (mode === 'enforce' && demand) || [])]
  const owners = [...new Set(entriesOf(bundle.inventory).flatMap(({ owner }) => owner ?? []))]
  const sets = new Map<string, readonly Source[]>()
  for (const names of demands.flatMap((demand) => namesIn(demand, owners))) {
    const from = names.flatMap((name) => people.get(name) ?? [])
    if (from.length > 0) sets.set(JSON.stringify(from.map(({ address }) => address).sort()), from)
  }
  return [...sets.values()]
}

/** Names of the directory, by leg and by what may widen it. */
function namesIn({ legs, escalate }: Demand, owners: readonly string[]): readonly (readonly string[])[] {
  return legs.flatMap(({ from }) => {
    const named = from.filter((name) => !ownerIn(name))
    const variants =
      named.length < from.length ? [named, ...owners.map((owner) => [...named, owner])] : [named]
    return variants.flatMap((one) => [one, ...escalate.map(({ to }) => [...one, to])])
  })
}
