import type { ModalView } from '@slack/types'
import { bringOut } from '../../approvals/crowds/bringOut.ts'
import type { Verb } from '../../approvals/personCommand.ts'
import { answerButton, crowdButton } from '../../channels/buttonValue.ts'
import { readPartOfHistory } from '../../channels/historyList.ts'
import { readPart } from '../../channels/lists.ts'
import { noteRefusal, notingRefusal } from '../../channels/noteRefusal.ts'
import { channelVerbs, verbs } from '../../channels/verbs.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { textFor } from '../text/answers.ts'
import { makeHistoryList, makeListPage, slackNaming } from '../windows/lists.ts'
import { changeModal } from '../windows/openWindow.ts'
import { makeRequestModal } from '../windows/reading.ts'
import { pressed } from './payloads.ts'
import { openPolicyTest } from './policyCommand.ts'
import { answer, buttonOf, openFor, type Press, type Presser, whoPressed } from './press.ts'
import { approveInView, readInView, turnPage, windowInView } from './pressInView.ts'
import { approveOnCard, openFromCard, openFromMenu, openingFromCard } from './pressOnCard.ts'
import { pressOnClaim } from './pressOnConfirmation.ts'
import { openCrowd } from './pressOnCrowd.ts'
import { pressOnDelegation } from './pressOnDelegation.ts'
import { answerQuestionPut } from './pressOnQuestion.ts'

/** Every element that can be pressed, by action id. */
const pressers: Readonly<Record<string, Presser>> = {
  ...Object.fromEntries(verbs.flatMap(opening)),
  [answerButton]: answerQuestionPut,
  [crowdButton]: openCrowd,
  approve: approveOnCard,
  full: openFromCard,
  more: openFromMenu,
  open: openFromList,
  list: showPart,
  list_next: showPart,
  list_first: showPart,
  history_next: showPartOfHistory,
  history_first: showPartOfHistory,
  turn_next: turnPage,
  turn_back: turnPage,
  view_history: readInView('history'),
  view_full: readInView('full'),
  approve_in_view: approveInView,
  policy_test: openPolicyTest,
  confirm_claim: pressOnClaim('confirm_claim'),
  disown_claim: pressOnClaim('disown_claim'),
  delegation_decline: pressOnDelegation('delegation_decline'),
  delegation_end: pressOnDelegation('delegation_end'),
}

/** What opens the window of a verb. */
function opening(verb: Verb): readonly (readonly [string, Presser])[] {
  const { window } = channelVerbs[verb]
  return [
    [window, openingFromCard(verb)],
    [`${window}_in_view`, windowInView(verb)],
  ]
}

/** Handles a press. Never rejects: what cannot be done is told to the clicker only. */
export async function onPress(slack: SlackContext, press: Press): Promise<void> {
  const presser = pressers[pressed(press.body).actionId]
  if (!presser) return press.ack()
  try {
    await presser(slack, press)
  } catch (error) {
    await press.ack()
    await explain(slack, press, error)
  }
}

async function explain(slack: SlackContext, press: Press, error: unknown): Promise<void> {
  noteRefusal(slack, 'click', { ...whoPressed(slack, press), error })
  await answer(slack, press, textFor(error))
}

/** From `/approvals`, Home or a page of a list, where there is no card: whoever may see the request sees it. */
async function openFromList(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  const { request } = buttonOf(pressed(press.body).value)
  const from = press.body.view?.callback_id === 'home' ? 'home' : 'list'
  await showWindow(slack, press, async () => {
    const origin = { request, card: null, page: 0, from } as const
    const view = await makeRequestModal(slack, press.body.user.id, { choice: 'full', origin })
    // Only by somebody who may see it. A card that is missing comes by itself, later.
    await bringOut(slack.ports, request).catch((err: unknown) =>
      slack.log.warn({ err }, 'no card was asked for'),
    )
    return view
  })
}

/** More of a list than a message has room for. */
async function showPart(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  const part = readPart(pressed(press.body).value)
  if (!part) throw new Refusal('foreign_payload', 'a button that is not ours')
  await showWindow(slack, press, () => makeListPage(slack, press.body.user.id, part))
}

/** Another page of somebody's history. */
async function showPartOfHistory(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  const part = readPartOfHistory(pressed(press.body).value, slackNaming)
  if (!part) throw new Refusal('foreign_payload', 'a button that is not ours')
  await showWindow(slack, press, () => makeHistoryList(slack, press.body.user.id, part))
}

/** In the window that was pressed in, else in one of its own. */
async function showWindow(slack: SlackContext, press: Press, make: () => Promise<ModalView>): Promise<void> {
  const { view } = press.body
  if (!view || view.callback_id === 'home') return openFor(slack, press, make)
  await changeModal(slack, view.id, () => notingRefusal(slack, whoPressed(slack, press), make))
}
