import type { Attempt } from '../approvals/decide.ts'
import { viewOf } from '../approvals/inspect.ts'
import type { Card } from '../approvals/ports.ts'
import { Refusal } from '../core/refusal.ts'
import { textFor } from './answers.ts'
import { type ButtonValue, readButtonValue } from './buttons.ts'
import { decideInTime, type Intent, type Outcome } from './decision.ts'
import type { Desk } from './desk.ts'
import { factsOf } from './facts.ts'
import { publishHome } from './home.ts'
import { noteModal, pageCount, type ViewOrigin } from './modals.ts'
import { type BlockActions, menuChoice, originOf, pressed } from './payloads.ts'
import { isMenuChoice, makeDenyModal, makeRequestModal } from './requestModals.ts'
import { standingCard } from './standingCard.ts'
import { type Respond, tellPrivately } from './tell.ts'
import { changeModal, openModal } from './windows.ts'

/** One press of an element of ours. `ack` has to happen within three seconds. */
export interface Press {
  readonly body: BlockActions
  readonly ack: () => Promise<void>
  /** Null where the press has no place to answer to: in modals and Home. */
  readonly respond: Respond | null
}

type Presser = (desk: Desk, press: Press) => Promise<void>

/** Every element that can be pressed, by action id. */
const pressers: Readonly<Record<string, Presser>> = {
  approve: approveOnCard,
  deny: denyOnCard,
  full: openFromCard,
  more: openFromMenu,
  open: openFromList,
  turn_next: turnPage,
  turn_back: turnPage,
  approve_in_view: approveInView,
  deny_in_view: denyInView,
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

/** The posted card that was clicked. @throws Refusal when it is none, or another took its place */
async function cardOf(desk: Desk, press: Press, button: ButtonValue): Promise<Card> {
  const card = await standingCard(desk.ports.store, button, press.body.container)
  if (card.status !== 'replaced') return card
  // The old card shows from now on that it is old. Nobody waits for that.
  void correct(desk, card)
  throw new Refusal('foreign_payload', 'a click on a card that was replaced')
}

async function correct(desk: Desk, card: Card): Promise<void> {
  try {
    const request = await desk.ports.store.request(card.request)
    if (request) await desk.channel.update(card, await viewOf(desk.ports, request))
  } catch (fault) {
    desk.log.warn({ err: fault }, 'a replaced card could not be corrected')
  }
}

async function approveOnCard(desk: Desk, press: Press): Promise<void> {
  const { now, later } = await decideInTime(desk, async () => {
    const button = buttonOf(pressed(press.body).value)
    const card = await cardOf(desk, press, button)
    const facts = await factsFor(desk, button.request)
    // The card of an action that does not fit has no such button; should there be one, it does not count.
    if (!facts.fits)
      throw new Refusal('view_needed', 'an approval on a card that does not show the whole action')
    return {
      ...intentOf(press, button.request),
      kind: 'approve',
      reason: null,
      card: card.id,
      seen: facts.text,
    }
  })
  await press.ack()
  // That it was recorded shows on the card; anything else has to be said.
  if (now.kind !== 'recorded' && now.kind !== 'repeated') await answer(desk, press, now.says)
  const end = later ? await later : null
  if (end && end.kind !== 'repeated') await answer(desk, press, end.says)
}

async function denyOnCard(desk: Desk, press: Press): Promise<void> {
  await press.ack()
  await open(desk, press, async () => {
    const button = buttonOf(pressed(press.body).value)
    const card = await cardOf(desk, press, button)
    return makeDenyModal(desk, press.body.user.id, {
      request: button.request,
      card: card.id,
      page: 0,
      from: 'card',
    })
  })
}

async function openFromCard(desk: Desk, press: Press): Promise<void> {
  await openChoice(desk, press, { choice: 'full', button: readButtonValue(pressed(press.body).value) })
}

async function openFromMenu(desk: Desk, press: Press): Promise<void> {
  await openChoice(desk, press, menuChoice(pressed(press.body).value))
}

async function openChoice(
  desk: Desk,
  press: Press,
  menu: { readonly choice: string; readonly button: ButtonValue | null },
): Promise<void> {
  await press.ack()
  await open(desk, press, async () => {
    const { choice, button } = menu
    if (!button || !isMenuChoice(choice)) throw new Refusal('foreign_payload', 'a menu that is not ours')
    const card = await cardOf(desk, press, button)
    const origin: ViewOrigin = { request: button.request, card: card.id, page: 0, from: 'card' }
    return makeRequestModal(desk, press.body.user.id, { choice, origin })
  })
}

/** From `/approvals` or Home, where there is no card: whoever may see the request sees it. */
async function openFromList(desk: Desk, press: Press): Promise<void> {
  await press.ack()
  await open(desk, press, async () => {
    const { request } = buttonOf(pressed(press.body).value)
    const from = press.body.container.type === 'view' ? 'home' : 'list'
    return makeRequestModal(desk, press.body.user.id, {
      choice: 'full',
      origin: { request, card: null, page: 0, from },
    })
  })
}

async function turnPage(desk: Desk, press: Press): Promise<void> {
  await press.ack()
  const { view, origin } = openView(press)
  const page = Number(pressed(press.body).value)
  await changeModal(desk, view.id, () =>
    makeRequestModal(desk, press.body.user.id, { choice: 'full', origin: { ...origin, page } }),
  )
}

async function approveInView(desk: Desk, press: Press): Promise<void> {
  const { view, origin } = openView(press)
  const { now, later } = await decideInTime(desk, async () => {
    await refuseUnlessLastPage(desk, origin)
    const seen = (await factsFor(desk, origin.request)).text
    return { ...intentOf(press, origin.request), kind: 'approve', reason: null, card: origin.card, seen }
  })
  await press.ack()
  await showOutcome(desk, press, { view: view.id, origin, outcome: now })
  if (later) await showOutcome(desk, press, { view: view.id, origin, outcome: await later })
}

async function denyInView(desk: Desk, press: Press): Promise<void> {
  await press.ack()
  const { view, origin } = openView(press)
  await changeModal(desk, view.id, async () => {
    await refuseUnlessLastPage(desk, origin)
    return makeDenyModal(desk, press.body.user.id, origin)
  })
}

async function showOutcome(
  desk: Desk,
  press: Press,
  shown: { readonly view: string; readonly origin: ViewOrigin; readonly outcome: Outcome },
): Promise<void> {
  const { outcome, origin } = shown
  const titles = {
    recorded: 'Recorded',
    repeated: 'Recorded',
    refused: 'Not possible',
    broken: 'Something went wrong',
    waiting: 'One moment',
  }
  const changed = await changeModal(desk, shown.view, async () =>
    noteModal(titles[outcome.kind], outcome.says),
  )
  if (!changed && outcome.kind !== 'recorded')
    await tellPrivately(desk, { user: press.body.user.id, respond: null }, { text: outcome.says })
  if (origin.from === 'home') await publishHome(desk, press.body.user.id)
}

/** The whole action has been shown only when its last page is (threats: too-long). */
async function refuseUnlessLastPage(desk: Desk, origin: ViewOrigin): Promise<void> {
  const request = await desk.ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a view of a request that does not exist')
  if (origin.page !== pageCount(request) - 1)
    throw new Refusal('view_needed', 'a decision before the last page')
}

function openView(press: Press): { readonly view: { readonly id: string }; readonly origin: ViewOrigin } {
  const { view } = press.body
  const origin = view ? originOf(view) : null
  if (!view || !origin) throw new Refusal('foreign_payload', 'a view that is not ours')
  return { view, origin }
}

async function open(desk: Desk, press: Press, make: Parameters<typeof openModal>[2]): Promise<void> {
  const opened = await openModal(desk, press.body.trigger_id, make)
  if (!opened)
    await answer(desk, press, 'Slack did not open the window. Nothing was decided; please try again.')
}

/** Beside the click on a message; in its window when there is one. */
async function answer(desk: Desk, press: Press, text: string): Promise<void> {
  const { view, user } = press.body
  if (
    view &&
    view.callback_id !== 'home' &&
    (await changeModal(desk, view.id, async () => noteModal('Not possible', text)))
  )
    return
  await tellPrivately(desk, { user: user.id, respond: press.respond }, { text })
}

async function factsFor(desk: Desk, id: string) {
  const request = await desk.ports.store.request(id)
  if (!request) throw new Refusal('unknown_request', 'a click for a request that does not exist')
  return factsOf(request)
}

/** Of one click there is one trigger, so it names the delivery: the same click delivered twice counts once. */
function intentOf(
  press: Press,
  request: string,
): Pick<Attempt, 'request' | 'delivery'> & Pick<Intent, 'user'> {
  return { request, delivery: `slack:${press.body.trigger_id}`, user: press.body.user }
}

function buttonOf(value: string): ButtonValue {
  const button = readButtonValue(value)
  if (!button) throw new Refusal('foreign_payload', 'a button that is not ours')
  return button
}
