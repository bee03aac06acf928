import type { Leg, Source } from '../../core/requirement.ts'

/**
 * Whether whoever fills `strict` has filled `other` too: every seat of `other` can be given a seat of its own in
 * `strict` whose people all belong to it. People are compared by address, so that renaming a group or pointing it
 * elsewhere shows as what it is; whoever of a group is on call is in the group. Sound, not complete: sets whose members happen
 * to overlap count as different.
 */
export function atLeastAsStrict(strict: readonly Leg[], other: readonly Leg[]): boolean {
  const offered = seatsOf(strict)
  const taken: (Seat | undefined)[] = offered.map(() => undefined)
  const place = (seat: Seat, tried: Set<number>): boolean => {
    for (const [index, offer] of offered.entries()) {
      if (tried.has(index) || !isWithin(offer, seat)) continue
      tried.add(index)
      const current = taken[index]
      if (current === undefined || place(current, tried)) {
        taken[index] = seat
        return true
      }
    }
    return false
  }
  return seatsOf(other).every((seat) => place(seat, new Set()))
}

/** Those who may sit there. */
type Seat = readonly Source[]

function seatsOf(legs: readonly Leg[]): readonly Seat[] {
  return legs.flatMap(({ from, count }) => Array.from({ length: count }, () => from))
}

function isWithin(some: Seat, all: Seat): boolean {
  const addresses = all.map(({ address }) => address)
  return some.every(
    (source) =>
      addresses.includes(source.address) ||
      (source.kind === 'oncall' && addresses.includes(source.within.address)),
  )
}
