import type { AwayNow } from '../../card/delegation.ts'
import type { People } from '../../card/view.ts'
import { type ActionRequest, effectiveLegs } from '../../core/request.ts'
import { orUnknown } from '../people/askDirectory.ts'
import { inLeg } from '../people/legs.ts'
import type { Ports } from '../ports.ts'
import { inTheirPlace } from './inTheirPlace.ts'
import { namedDelegations } from './named.ts'
import type { Delegation } from './records.ts'

/** So many delegations are looked through. */
const mostLookedAt = 50

/** Who of those whom a request asks is away, and for which of their legs somebody is told in their place. */
export async function awayNow(
  ports: Ports,
  request: ActionRequest,
): Promise<{ readonly away: readonly AwayNow[]; readonly people: People }> {
  const standing = (await ports.delegations.standing()).slice(0, mostLookedAt)
  const found: { readonly one: Delegation; readonly legs: readonly string[] }[] = []
  for (const one of standing) {
    const asked = await legsAsking(ports, request, one)
    if (asked.length === 0) continue
    const place = await inTheirPlace(ports, request, one.id)
    const legs = place?.delegation === one ? place.legs.filter((leg) => asked.includes(leg)) : []
    found.push({ one, legs })
  }
  const { named, people } = await namedDelegations(
    ports,
    found.map(({ one }) => one),
  )
  const away = found.flatMap(({ one, legs }): readonly AwayNow[] => {
    const who = named.get(one)
    return who ? [{ ...who, legs }] : []
  })
  return { away, people }
}

/** As groups say it. What cannot be read just now says nothing of them. */
async function legsAsking(
  ports: Ports,
  request: ActionRequest,
  { id }: Delegation,
): Promise<readonly string[]> {
  const legs = effectiveLegs(request)
  const isIn = await Promise.all(legs.map((leg) => orUnknown(() => inLeg(ports, leg, id))))
  return legs.filter((_, nth) => isIn[nth]?.isIn).map(({ name }) => name)
}
