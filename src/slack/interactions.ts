import { Refusal } from '../core/refusal.ts'
import { textFor } from './answers.ts'
import type { Desk } from './desk.ts'
import { pressed } from './payloads.ts'
import { answer, buttonOf, openFor, type Press, type Presser } from './press.ts'
import { approveInView, formInView, turnPage } from './pressInView.ts'
import { approveOnCard, formFromCard, openFromCard, openFromMenu } from './pressOnCard.ts'
import { makeRequestModal } from './requestModals.ts'

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
export async function onPress(desk: Desk, press: Press): Promise<void> {
  const presser = pressers[pressed(press.body).actionId]
  if (!presser) return press.ack()
  try {
    await presser(desk, press)
  } catch (error) {
    await press.ack()
    await explain(desk, press, error)
  }
}

async function explain(desk: Desk, press: Press, error: unknown): Promise<void> {
  if (error instanceof Refusal)
    desk.log.warn({ code: error.code, detail: error.message }, 'a click was refused')
  else desk.log.error({ err: error }, 'a click failed')
  await answer(desk, press, textFor(error))
}

/** From `/approvals` or Home, where there is no card: whoever may see the request sees it. */
async function openFromList(desk: Desk, press: Press): Promise<void> {
  await press.ack()
  await openFor(desk, press, async () => {
    const { request } = buttonOf(pressed(press.body).value)
    const from = press.body.container.type === 'view' ? 'home' : 'list'
    return makeRequestModal(desk, press.body.user.id, {
      choice: 'full',
      origin: { request, card: null, page: 0, from },
    })
  })
}
