import type { AnyRequest } from './request.ts'

/** So many requests can be asked for together. */
export const mostMembers = 20

/** So many requests that ask the same share a card; the next has a card of its own. The commit counts (`countersign_commit`). */
export const mostAlike = 20

/** True for a declared rollback while it waits for the votes on what it would undo: they count for it, and no others do. */
export function isDecidedElsewhere({ id, set, state, rollsBack }: AnyRequest): boolean {
  return state === 'pending' && rollsBack !== undefined && set !== undefined && set.card !== id
}

/**
 * The request whose cards show this one: of what was asked together, the first that asks people; of what asks the same as one that
 * waited, that one; of everything else, itself. A declared rollback is shown with what it undoes, and has no card of its own while it waits.
 */
export function carrierOf({ id, set, alike }: Pick<AnyRequest, 'id' | 'set' | 'alike'>): string {
  return set?.card ?? alike?.card ?? id
}

/** What the card of a request asks about together: those of its set that name the same, in the order in which they were asked for. */
export function onOneCard<R extends AnyRequest>(request: AnyRequest, set: readonly R[]): readonly R[] {
  const carrier = carrierOf(request)
  return set.filter((one) => one.rollsBack === undefined && one.set?.card === carrier)
}
