import { remindersUntil } from '../core/reminders.ts'
import type { BreakGlass, Requirement, Source } from '../core/requirement.ts'
import { keptWays } from '../core/ways.ts'
import type { Joined } from './join.ts'
import { namedBy, type Owned } from './owners.ts'

/**
 * The requirement that goes with a request for life: names of the directory become addresses now, so that a later
 * bundle cannot move them. `owner` is the resource's owner, `owner(destination)` that of another one; where it has none, that source is nobody, and a leg without
 * any source stays, empty: it can never be filled, and whoever submits denies it at once.
 */
export function requirementOf(
  demand: Joined,
  { people, facts }: { readonly people: ReadonlyMap<string, Source>; readonly facts: Owned },
  { confirm, breakGlass }: { readonly confirm: readonly string[]; readonly breakGlass: BreakGlass | null },
): Requirement {
  const resolve = (ref: string): readonly Source[] => {
    const source = people.get(namedBy(ref, facts) ?? '')
    return source ? [{ ...source, ref }] : []
  }
  return {
    legs: demand.legs.map(({ name, from, count }) => ({
      name,
      from: oncePerAddress(from.flatMap(resolve)),
      count,
    })),
    denyCount: demand.denyCount,
    expiresInSeconds: demand.expiresInSeconds,
    grant: demand.grant,
    notify: { channels: demand.channels, ...remindersUntil(demand.expiresInSeconds, [remindedBy(demand)]) },
    reason: demand.reason,
    confirm,
    escalate: demand.escalate.flatMap(({ afterSeconds, to, legs }) =>
      resolve(to).map((source) => ({ afterSeconds, to: source, legs })),
    ),
    stepUp: demand.stepUp,
    ...keptWays(demand.via),
    breakGlass,
  }
}

function remindedBy({ expiresInSeconds, remindAfterSeconds, warnBeforeSeconds }: Joined) {
  return {
    expiresInSeconds,
    notify: { remindAfterSeconds, ...(warnBeforeSeconds !== undefined && { warnBeforeSeconds }) },
  }
}

/** The owner may be one of the people who are also named; the first mention stands. */
function oncePerAddress(sources: readonly Source[]): readonly Source[] {
  return sources.filter(
    ({ address }, index) => sources.findIndex((other) => other.address === address) === index,
  )
}
