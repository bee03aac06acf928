import type { Wrong } from '../ledger/wrong.ts'
import { paint, say } from './say.ts'

/** Exit code of what does not verify. */
export const wrongCode = 2

/**
 * Says the first thing that is wrong.
 *
 * @param keep what is to be kept as it is, and what to do, as sentences
 * @returns the exit code
 */
export function sayFirstWrong(
  { index, entry, what, expected, stands }: Wrong,
  ...keep: readonly string[]
): number {
  say(`${paint('red', '✗')} ${paint('bold', what)}`)
  if (index !== null) say(`  index     ${index}`)
  if (entry !== null) say(`  entry     ${entry}`)
  say(`  expected  ${expected}`)
  say(`  stands    ${stands}`)
  say()
  for (const line of keep) say(line)
  return wrongCode
}
