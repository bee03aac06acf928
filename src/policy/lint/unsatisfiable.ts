import { type Agreement, quorum } from '../../core/quorum.ts'
import type { Source } from '../../core/request.ts'
import type { Bundle, Demand, Rule } from '../bundle.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/** Who is in a set now, each person once; null when that is not known. */
export type Members = (source: Source) => readonly string[] | null

/**
 * Rules that ask for more people than there are, one person filling one seat. People who are named one by one are known
 * without a directory; groups need `members`. A leg that the resource's owner can fill is taken to be met.
 */
export function unsatisfiable(bundle: Bundle, members: Members): readonly Finding[] {
  return bundle.rules.flatMap((rule) => (rule.demand ? hopeless(rule, rule.demand, { bundle, members }) : []))
}

function hopeless(
  rule: Rule,
  { legs }: Demand,
  { bundle, members }: { readonly bundle: Bundle; readonly members: Members },
): readonly Finding[] {
  const peopleOf = (name: string): readonly string[] | null => {
    const source = bundle.people.get(name)
    if (name === 'owner' || source === undefined) return null
    return members(source) ?? (source.kind === 'account' ? [source.address] : null)
  }
  const known = legs.flatMap((leg) => {
    const sets = leg.from.map(peopleOf)
    return sets.includes(null) ? [] : [{ ...leg, people: new Set(sets.flatMap((set) => set ?? [])) }]
  })
  const everybody = new Set(known.flatMap(({ people }) => [...people]))
  const agreements: Agreement[] = [...everybody].map((person) => ({
    person,
    legs: known.filter(({ people }) => people.has(person)).map(({ name }) => name),
  }))
  const { filled } = quorum(known, agreements)
  const short = known.find(({ name, count }) => (filled.get(name)?.length ?? 0) < count)
  if (short === undefined) return []
  const message = `Leg "${short.name}" asks for ${short.count} of ${short.from.join(', ')}, where ${short.people.size} can be found, so nobody could ever approve: name more people, or ask for fewer.`
  return [about(rule, ['require/unsatisfiable', message])]
}
