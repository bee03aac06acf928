import type { RequestView, StandIn } from '../../card/view.ts'
import type { AccountKey } from '../../core/identity.ts'
import { type ActionRequest, effectiveLegs } from '../../core/request.ts'
import type { Source } from '../../core/requirement.ts'
import { orUnknown } from '../people/askDirectory.ts'
import type { Ports } from '../ports.ts'
import { type InTheirPlace, inTheirPlace } from './inTheirPlace.ts'
import { namedDelegations } from './named.ts'

/**
 * The view with whoever is mentioned in the place of people whom it would mention by themselves: those whom the policy names, and those
 * who are on call. A group is mentioned as it is, and a delegate is in it. Nothing is looked up where nobody is away.
 */
export async function withStandIns(
  ports: Ports,
  request: ActionRequest,
  view: RequestView,
): Promise<RequestView> {
  if (request.state !== 'pending' || (await ports.delegations.standing()).length === 0) return view
  const asked = effectiveLegs(request).flatMap((leg) =>
    leg.from.flatMap((source) => namedIn(source, view).map((address) => ({ leg: leg.name, address }))),
  )
  const found = new Map<string, InTheirPlace>()
  for (const address of new Set(asked.map((one) => one.address))) {
    const account = await orUnknown(() => ports.directory.account(address))
    const place = account && (await inTheirPlace(ports, request, account.key))
    if (place) found.set(address, place)
  }
  if (found.size === 0) return view
  const { named, people } = await namedDelegations(
    ports,
    [...found.values()].map(({ delegation }) => delegation),
  )
  const standIns = asked.flatMap(({ leg, address }): readonly StandIn[] => {
    const place = found.get(address)
    const who = place?.legs.includes(leg) ? named.get(place.delegation) : undefined
    return who ? [{ leg, address, ...who }] : []
  })
  return { ...view, standIns, people: new Map([...people, ...view.people]) }
}

/** Addresses of single people that a source is mentioned by. */
function namedIn(source: Source, { onCall }: RequestView): readonly (string | AccountKey)[] {
  if (source.kind === 'account') return [source.address]
  const now = source.kind === 'oncall' ? onCall?.get(source.address) : undefined
  return now?.is === 'people' ? now.accounts : []
}
