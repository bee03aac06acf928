import type { GrantTerms, ReasonDemand } from '../core/requirement.ts'
import { sharedWays } from '../core/ways.ts'
import type { Demand, Floor, LegTemplate } from './bundle.ts'
import { bundleLimits } from './limits.ts'

/**
 * One demand that is at least as strict as each of several, whose deadlines count by clocks (`demandAt`), and within the floor (docs/policy.md#how-a-verdict-is-reached, the table):
 * every leg, the larger count where two ask the same people, and the smallest of every limit. Joining one more can
 * only make it stricter.
 */
export function join(demands: readonly [Demand, ...Demand[]], floor: Floor): Joined {
  const least = (of: (demand: Demand) => number, bound: number | null = null): number =>
    Math.min(...demands.map(of), bound ?? Number.POSITIVE_INFINITY)
  const expiresInSeconds = least((demand) => demand.expiresInSeconds, floor.maxExpiresInSeconds)
  const legs = joinLegs(demands.flatMap((demand) => demand.legs))
  const warnBefore = Math.max(0, ...demands.map(({ warnBeforeSeconds = 0 }) => warnBeforeSeconds))
  const reminders = new Set(demands.flatMap((demand) => demand.remindAfterSeconds))
  return {
    legs,
    denyCount: least((demand) => demand.denyCount),
    expiresInSeconds,
    grant: joinGrants(
      demands.map(({ grant }) => grant),
      floor,
    ),
    channels: [...new Set(demands.flatMap((demand) => demand.channels))].sort(),
    remindAfterSeconds: [...reminders]
      .filter((after) => after < expiresInSeconds)
      .sort((left, right) => left - right),
    reason: joinReasons(demands.flatMap(({ reason }) => reason ?? [])),
    confirm: demands.flatMap((demand) => demand.confirm),
    stepUp: demands.some((demand) => demand.stepUp),
    via: sharedWays(demands.map(({ via }) => via)),
    ...(warnBefore > 0 && { warnBeforeSeconds: warnBefore }),
    escalate: joinEscalations(demands, legs, expiresInSeconds),
  }
}

/** The least of each, within the floor. */
export function joinGrants(grants: readonly GrantTerms[], floor: Floor): GrantTerms {
  const least = (of: (grant: GrantTerms) => number): number => Math.min(...grants.map(of))
  return {
    withinSeconds: least(({ withinSeconds }) => withinSeconds),
    ttlSeconds: Math.min(
      least(({ ttlSeconds }) => ttlSeconds),
      floor.maxGrantTtlSeconds ?? Number.POSITIVE_INFINITY,
    ),
    uses: least(({ uses }) => uses),
  }
}

/** A demand whose escalations say which of the joined legs they open. */
export type Joined = Omit<Demand, 'escalate'> & {
  readonly escalate: readonly {
    readonly afterSeconds: number
    readonly to: string
    readonly legs: readonly string[]
  }[]
}

/** The longest minimum and every pattern; null when there is none. */
export function joinReasons(reasons: readonly ReasonDemand[]): ReasonDemand | null {
  if (reasons.length === 0) return null
  const patterns = [...new Set(reasons.flatMap(({ patterns }) => patterns))].sort()
  const hints = patterns.map((pattern) => hintOf(pattern, reasons))
  return {
    minLength: Math.max(...reasons.map(({ minLength }) => minLength)),
    patterns,
    ...(hints.some((hint) => hint !== null) && { hints }),
  }
}

/** Rules may say the same pattern in different words: then the first in order stands. */
function hintOf(pattern: string, reasons: readonly ReasonDemand[]): string | null {
  const said = reasons.flatMap(({ patterns, hints }) => hints?.[patterns.indexOf(pattern)] ?? [])
  return said.sort()[0] ?? null
}

/**
 * Every escalation tells its people; but it lets them fill only legs for which every rule that asks for the leg
 * escalates to the same people, at the latest of their times. Otherwise one rule could widen what another one asks.
 */
function joinEscalations(
  demands: readonly Demand[],
  legs: readonly LegTemplate[],
  expiresInSeconds: number,
): Joined['escalate'] {
  const all = demands
    .flatMap(({ escalate }) => escalate)
    .filter(({ afterSeconds }) => afterSeconds < expiresInSeconds)
  const once = [...new Map(all.map((one) => [`${one.to} ${one.afterSeconds}`, one])).values()]
  const opens = ({ afterSeconds, to }: Demand['escalate'][number], leg: LegTemplate): boolean =>
    demands
      .filter((demand) => demand.legs.some((asked) => setOf(asked) === setOf(leg)))
      .every((demand) =>
        demand.escalate.some((other) => other.to === to && other.afterSeconds <= afterSeconds),
      )
  return once
    .map((one) => ({ ...one, legs: legs.filter((leg) => opens(one, leg)).map(({ name }) => name) }))
    .sort((left, right) => left.afterSeconds - right.afterSeconds || before(left.to, right.to))
}

function setOf({ from }: LegTemplate): string {
  return from.join(' ')
}

/** How a demand is over the limits on legs and people, or null. Joining can pass limits that each rule keeps. */
export function overLimits({
  legs,
}: {
  readonly legs: readonly { readonly count: number }[]
}): string | null {
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
    const set = setOf(leg)
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
