/** How often each thing happened. */
export type Tally = Map<string, number>

export function count(tally: Tally, what: string, times = 1): void {
  tally.set(what, (tally.get(what) ?? 0) + times)
}

export function total(tally: Tally): number {
  return [...tally.values()].reduce((sum, one) => sum + one, 0)
}
