import type { Comparable, CurrentPerson } from './identity.ts'

/** How many people one leg needs. Leg names are unique within a requirement. */
export interface Seats {
  readonly name: string
  readonly count: number
}

/** A person who agrees, and the names of the legs they belong to. */
export interface Agreement<P extends Comparable = CurrentPerson> {
  readonly person: P
  readonly legs: readonly string[]
}

export interface Quorum<P extends Comparable = CurrentPerson> {
  readonly met: boolean
  /** Who sits where, by leg name, in the order of the agreements. */
  readonly filled: ReadonlyMap<string, readonly P[]>
}

/**
 * Matches people to legs: one person fills one seat, whatever groups they are in, and the order in which they agreed
 * does not matter (maximum bipartite matching by augmenting paths; docs/threats.md#who-may-decide, threats: two-hats).
 */
export function quorum<P extends Comparable>(
  legs: readonly Seats[],
  agreements: readonly Agreement<P>[],
): Quorum<P> {
  const seats = legs.flatMap((leg) => Array.from({ length: leg.count }, () => leg.name))
  const sitter: (Agreement<P> | undefined)[] = seats.map(() => undefined)

  const seat = (agreement: Agreement<P>, tried: Set<number>): boolean => {
    for (const [index, leg] of seats.entries()) {
      if (tried.has(index) || !agreement.legs.includes(leg)) continue
      tried.add(index)
      const current = sitter[index]
      if (current === undefined || seat(current, tried)) {
        sitter[index] = agreement
        return true
      }
    }
    return false
  }
  for (const agreement of onePerPerson(agreements)) seat(agreement, new Set())

  const filled = new Map<string, P[]>(legs.map((leg) => [leg.name, []]))
  for (const [index, leg] of seats.entries()) {
    const agreement = sitter[index]
    if (agreement) filled.get(leg)?.push(agreement.person)
  }
  return { met: seats.length > 0 && sitter.every(Boolean), filled }
}

function onePerPerson<P extends Comparable>(agreements: readonly Agreement<P>[]): readonly Agreement<P>[] {
  return [...new Map(agreements.map((agreement) => [agreement.person, agreement])).values()]
}
