import { toldUnder } from '../../card/toldOfLines.ts'
import type { RequestView } from '../../card/view.ts'
import type { Entry } from '../../ledger/entry.ts'

/** An entry that the thread does not know yet, and how many there are before it. */
export interface Line {
  readonly nth: number
  readonly entry: Entry
}

/**
 * What a thread is to hear, and how many entries it knows then; of most entries people need not hear. Who approved stands on the card,
 * so a thread in which nothing was said yet is not begun for that: it comes with the next line that says more, and the common request is
 * one message and one change of it.
 */
export function newLines(
  count: number,
  view: RequestView,
  entries: readonly Entry[],
): { readonly lines: readonly Line[]; readonly told: number } {
  const all = entries.flatMap((entry, nth) => {
    const told = toldUnder(view, entry)
    return told ? [{ nth, entry, onCard: told.more.length === 0 && standsOnCard(entry) }] : []
  })
  const lines = all.filter(({ nth }) => nth >= count)
  const isBegun = lines.length < all.length || entries.some(({ type }) => type === 'reminder.sent')
  const [first] = lines
  const waits = first && !isBegun && lines.every(({ onCard }) => onCard)
  return waits ? { lines: [], told: first.nth } : { lines, told: entries.length }
}

/** Whoever approved by words in the thread has begun it. */
function standsOnCard({ type, data }: Entry): boolean {
  return (
    type === 'request.approved' ||
    (type === 'decision.made' && data.kind === 'approve' && data.way !== 'thread')
  )
}
