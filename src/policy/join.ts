import type { Demand, Floor, LegTemplate } from './bundle.ts'
import { bundleLimits } from './limits.ts'

/**
 * One demand that is at least as strict as each of several, and within the floor (policy.md section 4.6, the table):
 * every leg, the larger count where two ask the same people, and the smallest of every limit. Joining one more can
 * only make it stricter.
 */
export function join(demands: readonly [Demand, ...Demand[]], floor: Floor): Demand {
  const least = (of: (demand: Demand) => number, bound: number | null = null): number =>
    Math.min(...demands.map(of), bound ?? Number.POSITIVE_INFINITY)
  const expiresInSeconds = least((demand) => demand.expiresInSeconds, floor.maxExpiresInSeconds)
  const reminders = new Set(demands.flatMap((demand) => demand.remindAfterSeconds))
  return {
    legs: joinLegs(demands.flatMap((demand) => demand.legs)),
    denyCount: least((demand) => demand.denyCount),
    expiresInSeconds,
    grant: {
      ttlSeconds: least((demand) => demand.grant.ttlSeconds, floor.maxGrantTtlSeconds),
      uses: least((demand) => demand.grant.uses),
    },
    channels: [...new Set(demands.flatMap((demand) => demand.channels))].sort(),
    remindAfterSeconds: [...reminders]
      .filter((after) => after < expiresInSeconds)
      .sort((left, right) => left - right),
  }
}

/** How a demand is over the limits on legs and people, or null. Joining can pass limits that each rule keeps. */
export function overLimits({ legs }: Demand): string | null {
  const seats = legs.reduce((sum, { count }) => sum + count, 0)
  if (legs.length > bundleLimits.legs) return `${legs.length} legs; at most ${bundleLimits.legs} can be asked`
  return seats > bundleLimits.seats ? `${seats} people; at most ${bundleLimits.seats} can be asked` : null
}

/**
 * Legs with the same sources become one; the others stay separate. Sources are compared as written, before they are
 * resolved: two legs that happen to lead to the same people then still need that many different people.
 */
function joinLegs(legs: readonly LegTemplate[]): readonly LegTemplate[] {
  const bySet = new Map<string, LegTemplate>()
  for (const leg of legs) {
    const set = leg.from.join(' ')
    const other = bySet.get(set) ?? leg
    const name = before(leg.name, other.name) < 0 ? leg.name : other.name
    bySet.set(set, { name, from: leg.from, count: Math.max(leg.count, other.count) })
  }
  const ordered = [...bySet].sort(
    ([leftSet, left], [rightSet, right]) => before(left.name, right.name) || before(leftSet, rightSet),
  )
  return withUniqueNames(ordered.map(([, leg]) => leg))
}

/** `security`, `security-2`: seats are counted by name, so no two legs may share one. */
function withUniqueNames(legs: readonly LegTemplate[]): readonly LegTemplate[] {
  const written = new Set(legs.map(({ name }) => name))
  const taken = new Set<string>()
  return legs.map((leg) => {
    let name = leg.name
    for (let nth = 2; taken.has(name) || (name !== leg.name && written.has(name)); nth += 1)
      name = `${leg.name}-${nth}`
    taken.add(name)
    return { ...leg, name }
  })
}

function before(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
