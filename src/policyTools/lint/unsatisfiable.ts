import type { Comparable } from '../../core/identity.ts'
import { type Agreement, quorum } from '../../core/quorum.ts'
import type { Source } from '../../core/requirement.ts'
import type { Bundle, LegTemplate, Rule } from '../../policy/bundle.ts'
import { ownerIn } from '../../policy/owners.ts'
import { standIn } from '../standIn.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/** Who is in a set now, each person once; null when that is not known. */
export type Members = (source: Source) => readonly Comparable[] | null

/**
 * Rules that ask for more people than there are, one person filling one seat. People who are named one by one are known
 * without a directory; groups need `members`, and with it a rule that needs every one of its people is found too: as
 * soon as one of them is behind the action, nobody could approve it. A leg that the owner of a resource can fill is taken to
 * be met.
 */
export function unsatisfiable(bundle: Bundle, members: Members | null): readonly Finding[] {
  const peopleOf = (name: string): readonly Comparable[] | null => {
    const source = bundle.people.get(name)
    if (ownerIn(name) !== null || source === undefined) return null
    if (members) return members(source)
    return source.kind === 'account' ? [standIn(source.address)] : null
  }
  return bundle.rules.flatMap((rule) => {
    const known = (rule.demand?.legs ?? []).flatMap((leg) => {
      const sets = leg.from.map(peopleOf)
      return sets.includes(null) ? [] : [{ ...leg, people: new Set(sets.flatMap((set) => set ?? [])) }]
    })
    const found = hopeless(rule, known)
    return members && found.length === 0 ? withoutSpare(rule, known) : found
  })
}

interface KnownLeg extends LegTemplate {
  readonly people: ReadonlySet<Comparable>
}

function hopeless(rule: Rule, legs: readonly KnownLeg[]): readonly Finding[] {
  const short = shortLeg(legs, null)
  if (short === null) return []
  const message = `${sayLeg(short)}, so nobody could ever approve: name more people, or ask for fewer.`
  return [about(rule, ['require/unsatisfiable', message])]
}

function withoutSpare(rule: Rule, legs: readonly KnownLeg[]): readonly Finding[] {
  const everybody = new Set(legs.flatMap(({ people }) => [...people]))
  const needed = [...everybody].flatMap((person) => shortLeg(legs, person) ?? [])
  const [short] = needed
  if (short === undefined) return []
  const message = `${sayLeg(short)}. Whoever is behind an action cannot agree to it, so what ${needed.length > 1 ? 'one of them' : 'that person'} starts, or an agent of theirs, could never be approved: name more people.`
  return [about(rule, ['require/no-spare', message])]
}

function sayLeg({ name, count, from, people }: KnownLeg): string {
  return `Leg "${name}" asks for ${count} of ${from.join(', ')}, where ${people.size} can be found`
}

/** The first leg that cannot be filled when everybody agrees but one; null when all can. */
function shortLeg(legs: readonly KnownLeg[], without: Comparable | null): KnownLeg | null {
  const everybody = new Set(legs.flatMap(({ people }) => [...people]))
  const agreements = [...everybody].flatMap((person): readonly Agreement<Comparable>[] =>
    person === without
      ? []
      : [{ person, legs: legs.filter(({ people }) => people.has(person)).map(({ name }) => name) }],
  )
  const { filled } = quorum(legs, agreements)
  return legs.find(({ name, count }) => (filled.get(name)?.length ?? 0) < count) ?? null
}
