/** Somebody who waits for their turn. */
export interface Waiting {
  /** Where they want to be heard. */
  readonly conversation: string
  /** Whoever has the smallest number goes first. */
  readonly urgency: number
}

interface Line {
  /** Who waits, in the order in which they came. */
  readonly waiting: ReadonlyMap<string, Waiting>
  /** When each conversation last had its turn; a number that only ever grows. */
  readonly served: ReadonlyMap<string, number>
}

/**
 * How many go before this one. The conversations take turns, whoever waited longest first, so that none starves for
 * another in which more is going on; in each of them the most urgent goes first. Of those who are equally urgent whoever came
 * first: were each behind the other, none would ever go.
 */
export function aheadOf({ waiting, served }: Line, who: string, one: Waiting): number {
  const all = new Map(waiting).set(who, one) // whoever comes again keeps their place
  const inOrder = [...all].sort(([, a], [, b]) => a.urgency - b.urgency) // stable: the order in which they came stays
  const sofar = new Map<string, number>()
  const ranked = inOrder.map(([name, { conversation, urgency }]) => {
    const rank = sofar.get(conversation) ?? 0
    sofar.set(conversation, rank + 1)
    return { name, rank, last: served.get(conversation) ?? Number.NEGATIVE_INFINITY, urgency }
  })
  ranked.sort((a, b) => a.rank - b.rank || compare(a.last, b.last) || a.urgency - b.urgency)
  return ranked.findIndex(({ name }) => name === who)
}

/** A difference of two infinities is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
