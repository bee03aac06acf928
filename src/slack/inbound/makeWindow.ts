import type { ModalView } from '@slack/types'
import { viewOf } from '../../approvals/inspect.ts'
import type { PersonAttempt, Verb } from '../../approvals/personCommand.ts'
import { recordRefusal } from '../../approvals/recordRefusal.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import type { ViewOrigin } from '../windows/shell.ts'
import { accountOf } from './doInTime.ts'
import { listedFor } from './press.ts'
import { slackVerbs, windowForAll, windowOf } from './verbs.ts'

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
  if (origin.together) return makeWindowForAll(slack, pressed, { verb, origin, ids: origin.together })
  const request = await ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
  try {
    await slackVerbs[verb].mayOpen(ports, request, slack.address(pressed.user.id))
  } catch (error) {
    if (error instanceof Refusal && error.code === 'own_request')
      await recordRefusal(ports, await attemptOf(slack, pressed, request.id), { verb, refusal: error })
    throw error
  }
  return windowOf(verb, await viewOf(ports, request), origin)
}

/** The same for several lines of a card: for whoever may do it for one of them at least. They hear of the others when it is sent. */
async function makeWindowForAll(
  slack: SlackContext,
  pressed: Pressed,
  show: { readonly verb: Verb; readonly origin: ViewOrigin; readonly ids: readonly string[] },
): Promise<ModalView> {
  const { ports } = slack
  const { verb, origin, ids } = show
  const lines = await listedFor(slack, ids)
  const refusals: Refusal[] = []
  for (const { request } of lines) {
    try {
      await slackVerbs[verb].mayOpen(ports, request, slack.address(pressed.user.id))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'own_request')
        await recordRefusal(ports, await lineAttemptOf(slack, pressed, request.id), { verb, refusal: error })
      refusals.push(error)
    }
  }
  const [first] = refusals
  if (first && refusals.length === lines.length) throw first
  const views = await Promise.all(lines.map(({ request }) => viewOf(ports, request)))
  return windowForAll(verb, views, origin)
}

/** Of one press there may be one for each line. */
async function lineAttemptOf(slack: SlackContext, pressed: Pressed, request: string): Promise<PersonAttempt> {
  const attempt = await attemptOf(slack, pressed, request)
  return { ...attempt, delivery: `${attempt.delivery} ${request}` }
}

async function attemptOf(
  slack: SlackContext,
  { user, trigger_id }: Pressed,
  request: string,
): Promise<PersonAttempt> {
  const account = await accountOf(slack, user)
  return { request, account, via: 'slack', card: null, delivery: `slack:${trigger_id}` }
}
