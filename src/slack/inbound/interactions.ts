import type { SlackContext } from '../context.ts'
import { noteRefusal } from '../noteRefusal.ts'
import { textFor } from '../text/answers.ts'
import { makeRequestModal } from '../windows/requestModals.ts'
import { pressed } from './payloads.ts'
import { answer, buttonOf, openFor, type Press, type Presser, whoPressed } from './press.ts'
import { approveInView, formInView, turnPage } from './pressInView.ts'
import { approveOnCard, formFromCard, openFromCard, openFromMenu } from './pressOnCard.ts'

/** Every element that can be pressed, by action id. */
const pressers: Readonly<Record<string, Presser>> = {
  approve: approveOnCard,
  approve_form: formFromCard('approve_form'),
  deny: formFromCard('deny'),
  escalate: formFromCard('escalate'),
  break_glass: formFromCard('break_glass'),
  close_review: formFromCard('close_review'),
  full: openFromCard,
  more: openFromMenu,
  open: openFromList,
  turn_next: turnPage,
  turn_back: turnPage,
  approve_in_view: approveInView,
  approve_form_in_view: formInView('approve_form'),
  deny_in_view: formInView('deny'),
  escalate_in_view: formInView('escalate'),
  break_glass_in_view: formInView('break_glass'),
  close_review_in_view: formInView('close_review'),
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
  noteRefusal(slack, 'click', { ...whoPressed(press), error })
  await answer(slack, press, textFor(error))
}

/** From `/approvals` or Home, where there is no card: whoever may see the request sees it. */
async function openFromList(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  await openFor(slack, press, async () => {
    const { request } = buttonOf(pressed(press.body).value)
    const from = press.body.container.type === 'view' ? 'home' : 'list'
    return makeRequestModal(slack, press.body.user.id, {
      choice: 'full',
      origin: { request, card: null, page: 0, from },
    })
  })
}
