import { remindersUntil } from '../core/reminders.ts'
import type { Escalation, Leg, Requirement } from '../core/requirement.ts'
import { keptWays, sharedWays, waysOf } from '../core/ways.ts'
import { joinReasons } from './join.ts'

/**
 * What is asked where two requests of a set are decided by the same votes: at least as strict as each
 * (docs/rollbacks.md#declared-with-the-action). The same rules as where several rules ask about one action (`join`), over sources that
 * are looked up already: the owner of one resource is not the owner of another. A glass is broken for one action, so it is on neither side here.
 */
export function joinRequirements(one: Requirement, other: Requirement): Requirement {
  const both = [one, other]
  const least = (of: (requirement: Requirement) => number) => Math.min(of(one), of(other))
  const expiresInSeconds = least((all) => all.expiresInSeconds)
  const legs = joinedLegs(both)
  return {
    legs,
    denyCount: least(({ denyCount }) => denyCount),
    expiresInSeconds,
    grant: {
      withinSeconds: least(({ grant }) => grant.withinSeconds),
      ttlSeconds: least(({ grant }) => grant.ttlSeconds),
      uses: least(({ grant }) => grant.uses),
    },
    notify: {
      channels: [...new Set(both.flatMap(({ notify }) => notify.channels))].sort(),
      ...remindersUntil(expiresInSeconds, both),
    },
    reason: joinReasons(both.flatMap(({ reason }) => reason ?? [])),
    confirm: [...new Set(both.flatMap(({ confirm }) => confirm))],
    escalate: joinedEscalations(both, legs).filter(({ afterSeconds }) => afterSeconds < expiresInSeconds),
    stepUp: both.some(({ stepUp }) => stepUp),
    ...keptWays(sharedWays(both.map(waysOf))),
    breakGlass: null,
  }
}

/** Legs from the same sources become one, of the larger count; the others stay separate, each under a name of its own. */
function joinedLegs(requirements: readonly Requirement[]): readonly Leg[] {
  const bySet = new Map<string, Leg>()
  for (const leg of requirements.flatMap(({ legs }) => legs)) {
    const known = bySet.get(setOf(leg))
    bySet.set(setOf(leg), known ? { ...known, count: Math.max(known.count, leg.count) } : leg)
  }
  const taken = new Set<string>()
  return [...bySet.values()].map((leg) => {
    let name = leg.name
    for (let nth = 2; taken.has(name); nth += 1) name = `${leg.name}-${nth}`
    taken.add(name)
    return { ...leg, name }
  })
}

/**
 * Each tells its people; it lets them fill a leg only where each of the two that asks for that leg escalates it to the same people, at
 * the latest by then. Otherwise one action would widen what the other one asks.
 */
function joinedEscalations(
  requirements: readonly Requirement[],
  legs: readonly Leg[],
): readonly Escalation[] {
  const all = requirements.flatMap(({ escalate }) => escalate)
  const once = [...new Map(all.map((one) => [`${one.to.address} ${one.afterSeconds}`, one])).values()]
  const opens = ({ to, afterSeconds }: Escalation, leg: Leg): boolean =>
    requirements.every(({ legs: asked, escalate }) => {
      const same = asked.find((other) => setOf(other) === setOf(leg))
      return (
        !same ||
        escalate.some(
          (other) =>
            other.to.address === to.address &&
            other.afterSeconds <= afterSeconds &&
            other.legs.includes(same.name),
        )
      )
    })
  return once
    .map((one) => ({ ...one, legs: legs.filter((leg) => opens(one, leg)).map(({ name }) => name) }))
    .sort((left, right) => left.afterSeconds - right.afterSeconds)
}

function setOf({ from }: Leg): string {
  return JSON.stringify(from.map(({ ref, address }) => [ref, address]))
}
