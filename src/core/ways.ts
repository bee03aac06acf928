/** How a decision can come, in this order: with the card or a window of it, in words in the thread of a card, by a personal token. */
export const ways = ['card', 'thread', 'api'] as const

export type Way = (typeof ways)[number]

/** What counts where policy says nothing. */
export const usualWays: readonly Way[] = ['card', 'thread']

/** What counts for a requirement that was fixed; one that names no ways has the usual ones. */
export function waysOf({ via }: { readonly via?: readonly Way[] }): readonly Way[] {
  return via ?? usualWays
}

/** In the order of the table, each once. */
export function inOrder(some: readonly Way[]): readonly Way[] {
  return ways.filter((way) => some.includes(way))
}

/** Those that each of the lists has. */
export function sharedWays(lists: readonly (readonly Way[])[]): readonly Way[] {
  return ways.filter((way) => lists.every((list) => list.includes(way)))
}

/** As a requirement keeps them: left out where they are the usual ones. */
export function keptWays(some: readonly Way[]): { readonly via?: readonly Way[] } {
  return inOrder(some).join() === usualWays.join() ? {} : { via: inOrder(some) }
}
