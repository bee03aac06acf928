import type { Verified } from '../approvals/ledger/verifyLedger.ts'
import { gapAfter } from '../ledger/resumption.ts'
import { StartFault } from '../server/startFault.ts'
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

/** Exit code when what a checkpoint was signed for is lost, and whoever verifies has not said that they know. */
const lostCode = 2

/**
 * Whoever owns the database and the key can write the entry of a gap, too. So a gap explains a checkpoint only to who has asked the people
 * that it names, and says so.
 *
 * @param accepted the indexes of the gaps that are accepted
 * @returns the exit code
 */
export function judgeLost(
  { resumptions = [], lost = [] }: Pick<Verified, 'resumptions' | 'lost'>,
  accepted: readonly number[],
): number {
  const gaps = lost.map((one) => gapAfter(one, resumptions)?.index ?? -1)
  const open = [...new Set(gaps)].filter((index) => !accepted.includes(index))
  for (const index of open)
    say(
      `${paint('red', '✗')} ${paint('bold', `What was recorded is lost, in the gap at index ${index}.`)} Whoever owns the database and the key can write such an entry, too: ask the two people whom it names. If they did this, give --accept-gap ${index}.`,
    )
  return open.length > 0 ? lostCode : 0
}

/** @throws StartFault */
export function gapIndex(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new StartFault({
    problem: 'What was given as --accept-gap is no index of an entry.',
    fix: 'It is a number: "countersign audit verify" says at which index each gap is.',
  })
}
