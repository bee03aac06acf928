import { Refusal } from '../core/refusal.ts'
import type { Requirement } from '../core/requirement.ts'
import { type Way, waysOf } from '../core/ways.ts'

/** What to do instead, for whoever decided in a way that does not count. */
const instead: Readonly<Record<Way, string>> = {
  card: 'Decide in one of the ways that the policy takes.',
  thread: 'The policy takes no words in the thread for this: decide with the buttons of the card.',
  api: 'The policy takes no personal token for this: decide on its card.',
}

/**
 * A decision counts only when it comes in a way that the requirement takes. Whoever takes theirs back may do so in any.
 *
 * @throws Refusal `via_not_allowed`
 */
export function refuseOtherWays(
  requirement: Pick<Requirement, 'via'> | null,
  { way = 'card' }: { readonly way?: Way },
): void {
  if (waysOf(requirement ?? {}).includes(way)) return
  throw new Refusal('via_not_allowed', `a decision that comes by ${way}`, [
    { pointer: '', detail: instead[way] },
  ])
}
