import { cardViewOf } from '../../approvals/cards/lines.ts'
import { isAllowed } from '../../approvals/inspect.ts'
import type { RequestView } from '../../card/view.ts'
import type { SlackContext } from '../context.ts'
import { seenBy } from '../windows/requestModals.ts'

/**
 * The lines of a card that asks about several requests, for whoever may see one of them; null of a card that asks about one.
 *
 * @throws Refusal `unknown_request`, `identity_unknown`
 */
export async function linesSeenBy(
  slack: SlackContext,
  user: string,
  id: string,
): Promise<readonly RequestView[] | null> {
  const request = await slack.ports.store.request(id)
  const { lines } = request ? await cardViewOf(slack.ports, request) : {}
  if (!lines) return null
  const seen = await Promise.all(lines.map((line) => isAllowed(() => seenBy(slack, user, line.request.id))))
  if (!seen.includes(true)) await seenBy(slack, user, id)
  return lines
}
