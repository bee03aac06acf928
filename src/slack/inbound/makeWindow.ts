import type { ModalView } from '@slack/types'
import { viewOf } from '../../approvals/inspect.ts'
import type { PersonAttempt, Verb } from '../../approvals/personCommand.ts'
import { recordRefusal } from '../../approvals/recordRefusal.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import type { ViewOrigin } from '../windows/shell.ts'
import { accountOf } from './doInTime.ts'
import { slackVerbs, windowOf } from './verbs.ts'

/** Whose press it was. Of one press there is one trigger, so it names what is recorded of it. */
interface Pressed {
  readonly user: { readonly id: string; readonly team_id?: string | undefined }
  readonly trigger_id: string
}

/**
 * The window of a verb, in which somebody writes before it counts. Whoever may not do it hears that now instead of after
 * typing; of somebody behind the action that is recorded like any other attempt of theirs (threats: own-request).
 *
 * @throws Refusal `unknown_request`, and what `mayOpen` of the verb says
 */
export async function makeWindow(
  slack: SlackContext,
  pressed: Pressed,
  show: { readonly verb: Verb; readonly origin: ViewOrigin },
): Promise<ModalView> {
  const { ports } = slack
  const { verb, origin } = show
  const request = await ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
  try {
    await slackVerbs[verb].mayOpen(ports, request, `slack:${pressed.user.id}`)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'own_request')
      await recordRefusal(ports, await attemptOf(slack, pressed, request.id), { verb, refusal: error })
    throw error
  }
  return windowOf(verb, await viewOf(ports, request), origin)
}

async function attemptOf(
  slack: SlackContext,
  { user, trigger_id }: Pressed,
  request: string,
): Promise<PersonAttempt> {
  const account = await accountOf(slack, user)
  return { request, account, via: 'slack', card: null, delivery: `slack:${trigger_id}` }
}
