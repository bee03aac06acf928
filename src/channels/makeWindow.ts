import { viewOf } from '../approvals/inspect.ts'
import type { PersonAttempt, Verb } from '../approvals/personCommand.ts'
import { recordRefusal } from '../approvals/recordRefusal.ts'
import { Refusal } from '../core/refusal.ts'
import type { ButtonValue } from './buttonValue.ts'
import { accountOf } from './doInTime.ts'
import type { Doer, Hearing } from './hearing.ts'
import type { ViewOrigin } from './origin.ts'
import { listedFor, seenOnCard } from './shown.ts'
import { channelVerbs, type OpenedForm, windowForAll, windowOf } from './verbs.ts'

/** The window of a verb, begun with a button of a card. `card`: the one that it stands on. @throws Refusal as `makeWindow`; `view_needed` */
export async function windowFromCard(
  hearing: Hearing,
  doer: Doer,
  begun: { readonly verb: Verb; readonly button: ButtonValue; readonly card: string },
): Promise<OpenedForm> {
  const { verb, button, card } = begun
  if (channelVerbs[verb].letsThrough) await seenOnCard(hearing.ports, button)
  const { request, together } = button
  return makeWindow(hearing, doer, { verb, origin: { request, together, card, page: 0, from: 'card' } })
}

/**
 * The window of a verb, in which somebody writes before it counts. Whoever may not do it hears that now instead of after
 * typing; of somebody behind the action that is recorded like any other attempt of theirs (threats: own-request).
 *
 * @throws Refusal `unknown_request`, and what `mayOpen` of the verb says
 */
export async function makeWindow(
  hearing: Hearing,
  doer: Doer,
  show: { readonly verb: Verb; readonly origin: ViewOrigin },
): Promise<OpenedForm> {
  const { ports } = hearing
  const { verb, origin } = show
  if (origin.together) return makeWindowForAll(hearing, doer, { verb, origin, ids: origin.together })
  const request = await ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
  try {
    await channelVerbs[verb].mayOpen(ports, request, doer.actor.address)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'own_request')
      await recordRefusal(ports, await attemptOf(hearing, doer, request.id), { verb, refusal: error })
    throw error
  }
  return windowOf(verb, await viewOf(ports, request), origin)
}

/** The same for several lines of a card: for whoever may do it for one of them at least. They hear of the others when it is sent. */
async function makeWindowForAll(
  hearing: Hearing,
  doer: Doer,
  show: { readonly verb: Verb; readonly origin: ViewOrigin; readonly ids: readonly string[] },
): Promise<OpenedForm> {
  const { ports } = hearing
  const { verb, origin, ids } = show
  const lines = await listedFor(ports, ids)
  const refusals: Refusal[] = []
  for (const { request } of lines) {
    try {
      await channelVerbs[verb].mayOpen(ports, request, doer.actor.address)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'own_request')
        await recordRefusal(ports, await lineAttemptOf(hearing, doer, request.id), { verb, refusal: error })
      refusals.push(error)
    }
  }
  const [first] = refusals
  if (first && refusals.length === lines.length) throw first
  const views = await Promise.all(lines.map(({ request }) => viewOf(ports, request)))
  return windowForAll(verb, views, origin)
}

/** Of one press there may be one for each line. */
async function lineAttemptOf(hearing: Hearing, doer: Doer, request: string): Promise<PersonAttempt> {
  const attempt = await attemptOf(hearing, doer, request)
  return { ...attempt, delivery: `${attempt.delivery} ${request}` }
}

async function attemptOf(
  hearing: Hearing,
  { actor, delivery }: Doer,
  request: string,
): Promise<PersonAttempt> {
  const account = await accountOf(hearing.ports, actor)
  return { request, account, via: hearing.via, card: null, delivery }
}
