import type { Requirement, Source } from '../core/request.ts'
import type { Demand } from './bundle.ts'

/**
 * The requirement that goes with a request for life: names of the directory become addresses now, so that a later
 * bundle cannot move them. `owner` is the resource's owner; where it has none, that source is nobody, and a leg without
 * any source stays, empty: it can never be filled, and whoever submits denies it at once.
 */
export function requirementOf(
  demand: Demand,
  people: ReadonlyMap<string, Source>,
  owner: string | null,
): Requirement {
  const resolve = (ref: string): readonly Source[] => {
    const source = people.get(ref === 'owner' ? (owner ?? '') : ref)
    return source ? [{ ref, kind: source.kind, address: source.address }] : []
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
    notify: { channels: demand.channels, remindAfterSeconds: demand.remindAfterSeconds },
  }
}

/** The owner may be one of the people who are also named; the first mention stands. */
function oncePerAddress(sources: readonly Source[]): readonly Source[] {
  return sources.filter(
    ({ address }, index) => sources.findIndex((other) => other.address === address) === index,
  )
}
