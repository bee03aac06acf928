import type { Verified } from '../approvals/ledger/verifyLedger.ts'
import { paint, say } from './say.ts'

/** What was lost when the ledger went on from a restored backup: said each time, for ever. */
export function sayGaps({ resumptions = [], lost = [] }: Pick<Verified, 'resumptions' | 'lost'>): void {
  for (const { index, before, origin, at, by, second, size, shared, anchored } of resumptions) {
    say(
      `${paint('yellow', '!')} ${paint('bold', 'A gap:')} at index ${index} the ledger went on as ${origin}, from a database that was older than what had left the house`,
    )
    say(
      `  (${at}, by ${by}, decided by ${second}). ${anchored.anchor} had ${anchored.size} entries of ${anchored.origin}; the database had ${size} of ${before}. What was recorded`,
    )
    say(`  after the first ${shared} and is not here is lost.`)
  }
  for (const { from, checkpoint } of lost)
    say(
      `${paint('yellow', '!')} ${from}: it was signed for ${checkpoint.size} entries of ${checkpoint.origin}, and some of them are in the gap.`,
    )
}
