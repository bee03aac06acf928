import type { Audience, Bundle } from './bundle.ts'

/** What a grant says of its audience. */
export type ChosenAudience = Pick<Audience, 'id' | 'profile' | 'spentBy' | 'tokenOnly'>

/**
 * The audience of a grant for a resource of this type: the first that takes it; of those that are named `wanted`, where the
 * agent names one. Null when it names one that there is not for this type. Where no audience takes the type it is our own
 * address, by which only redeeming here is of use.
 */
export function audienceFor(
  { audiences }: Pick<Bundle, 'audiences'>,
  { resourceType, wanted, own }: { resourceType: string; wanted: string | null; own: string },
): ChosenAudience | null {
  const fitting = audiences.filter((one) => takes(one, resourceType))
  const ours: ChosenAudience = { id: own, profile: 'id', spentBy: 'agent', tokenOnly: false }
  const possible = fitting.length > 0 ? fitting : [ours]
  return possible.find(({ id }) => wanted === null || id === wanted) ?? null
}

function takes({ resourceTypes }: Audience, type: string): boolean {
  return resourceTypes === null || resourceTypes.includes(type)
}

/** True when every grant that `later` could be for is for `earlier` instead, whatever the agent names. */
export function covers(earlier: Audience, later: Audience): boolean {
  if (earlier.id !== later.id) return false
  if (earlier.resourceTypes === null) return true
  return later.resourceTypes?.every((type) => earlier.resourceTypes?.includes(type)) ?? false
}
