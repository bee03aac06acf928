import type { ModalView } from '@slack/types'
import { viewOf } from '../../approvals/inspect.ts'
import type { Verb } from '../../approvals/personCommand.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import type { ViewOrigin } from '../windows/shell.ts'
import { slackVerbs, windowOf } from './verbs.ts'

/**
 * The window of a verb, in which somebody writes before it counts. Whoever may not do it hears that now instead of after
 * typing.
 *
 * @throws Refusal `unknown_request`, and what `mayOpen` of the verb says
 */
export async function makeWindow(
  slack: SlackContext,
  user: string,
  show: { readonly verb: Verb; readonly origin: ViewOrigin },
): Promise<ModalView> {
  const { ports } = slack
  const { verb, origin } = show
  const request = await ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
  await slackVerbs[verb].mayOpen(ports, request, `slack:${user}`)
  return windowOf(verb, await viewOf(ports, request), origin)
}
