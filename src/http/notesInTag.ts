/** An entity tag that also says how many notes it knew of, where there are any. */
export function withNotes(tag: string, notes: number): string {
  return notes === 0 ? `"${tag}"` : `"${tag}.${notes}"`
}

/**
 * How many notes whoever sends these tags has seen, by the newest of them; null where no tag is a tag of ours. So a note that was written
 * between two calls that wait is answered at once, and not at the end of the next one.
 */
export function notesSeen(ifNoneMatch: string | undefined): number | null {
  const seen = (ifNoneMatch ?? '').split(',').flatMap((one) => {
    const found = /^\s*(?:W\/)?"[\w-]+(?:\.(\d{1,6}))?"\s*$/.exec(one)
    return found ? [Number(found[1] ?? 0)] : []
  })
  return seen.length === 0 ? null : Math.max(...seen)
}
