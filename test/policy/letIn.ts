import { type Agreement, quorum } from '../../src/core/quorum.ts'
import { widened } from '../../src/core/request.ts'
import type { Requirement } from '../../src/core/requirement.ts'
import { personOfToday } from '../support/people.ts'

/** People who decide together, so many seconds after the request was made: how many there are of each group. */
export interface Crew {
  readonly members: Readonly<Record<string, number>>
  readonly afterSeconds: number
}

/**
 * The crews that can approve by one requirement and could not have done so by another. Every crew of up to two people
 * from each group is tried around each moment at which an escalation lets more people in, seated by the product's own
 * matching: no reasoning about sets of people that could be wrong in the same way as the product.
 */
export function letInSooner(after: Requirement, before: Requirement): readonly Crew[] {
  const steps = [...before.escalate, ...after.escalate].map(({ afterSeconds }) => afterSeconds)
  const moments = new Set([0, ...steps, ...steps.map((step) => step - 1)])
  const sources = [before, after].flatMap(({ legs, escalate }) => [
    ...legs.flatMap(({ from }) => from),
    ...escalate.map(({ to }) => to),
  ])
  const groups = [...new Set(sources.map(({ address }) => address))]
  return [...moments]
    .flatMap((afterSeconds) => sizesOf(groups).map((members): Crew => ({ members, afterSeconds })))
    .filter((crew) => canApprove(after, crew) && !canApprove(before, crew))
}

/** Whether a crew fills every seat, with the legs as they stand at its moment. */
export function canApprove({ legs, escalate, expiresInSeconds }: Requirement, crew: Crew): boolean {
  if (crew.afterSeconds >= expiresInSeconds) return false
  const took = escalate.filter(({ afterSeconds }) => afterSeconds <= crew.afterSeconds)
  const standing = widened(legs, took)
  const agreements = Object.entries(crew.members).flatMap(([group, size]): Agreement[] => {
    const open = standing.filter(({ from }) => from.some(({ address }) => address === group))
    return Array.from({ length: size }, (_, n) => ({
      person: personOfToday(`${group} ${n}`),
      legs: open.map(({ name }) => name),
    }))
  })
  return quorum(legs, agreements).met
}

/** 0, 1 or 2 of each group, in every combination. */
function sizesOf(groups: readonly string[]): readonly Readonly<Record<string, number>>[] {
  return Array.from({ length: 3 ** groups.length }, (_, nth) =>
    Object.fromEntries(groups.map((group, n) => [group, Math.floor(nth / 3 ** n) % 3])),
  )
}
