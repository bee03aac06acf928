import type { Verb } from '../../approvals/personCommand.ts'
import type { Card } from '../../approvals/records.ts'
import { type ButtonValue, readButtonValue } from '../../channels/buttonValue.ts'
import { doInTime } from '../../channels/doInTime.ts'
import { type CardPointer, foundOldCopy } from '../../channels/foundOldCopy.ts'
import { windowFromCard } from '../../channels/makeWindow.ts'
import type { ViewOrigin } from '../../channels/origin.ts'
import { isMenuChoice } from '../../channels/read.ts'
import { seenOnCard } from '../../channels/shown.ts'
import { cardNamed, messagePressed, type NamedCard, standingCard } from '../../channels/standingCard.ts'
import { verbOfWindow } from '../../channels/verbs.ts'
import { Refusal } from '../../core/refusal.ts'
import { cardIsHere, placeToShow } from '../card/oldCopy.ts'
import type { SlackContext } from '../context.ts'
import { permalinkOf } from '../outbound/permalink.ts'
import { type Place, pressedAt } from '../place.ts'
import { answerText } from '../text/answers.ts'
import { formModal } from '../windows/form.ts'
import { makeRequestModal } from '../windows/reading.ts'
import { menuChoice, pressed } from './payloads.ts'
import { answer, approval, buttonOf, doerOf, openFor, type Press, type Presser } from './press.ts'

/** One click approves, where nothing has to be written. */
export async function approveOnCard(slack: SlackContext, press: Press): Promise<void> {
  const delivered = { account: slack.address(press.body.user.id), ack: press.ack }
  const { now, later } = await doInTime(slack, delivered, async () => {
    const button = buttonOf(pressed(press.body).value)
    if (button.card === null) throw new Refusal('foreign_payload', 'Approve without a card')
    const [seen, named] = await Promise.all([
      seenOnCard(slack.ports, button),
      cardNamed(slack.ports.store, button),
    ])
    const message = messagePressed(named, pressedAt(placeOfPress(press), slack.team))
    const draft = approval({ slack, press }, { id: button.request, card: button.card, ...seen, ...message })
    // Kept for later, the same is compared by the verb, when the card is on record.
    return { ...draft, ready: () => standing(slack, press, named) }
  })
  // That it was recorded shows on the card; anything else has to be said.
  if (now.kind !== 'recorded' && now.kind !== 'repeated') await answer(slack, press, answerText(now))
  const end = later ? await later : null
  if (end && end.kind !== 'repeated') await answer(slack, press, answerText(end))
}

/** Opens the window of a verb, for whoever may do it. */
export function openingFromCard(verb: Verb): Presser {
  return async (slack, press) => {
    await press.ack()
    await openWindowOf(slack, press, { verb, button: readButtonValue(pressed(press.body).value) })
  }
}

async function openWindowOf(
  slack: SlackContext,
  press: Press,
  choice: { readonly verb: Verb; readonly button: ButtonValue | null },
): Promise<void> {
  await openFor(slack, press, async () => {
    const { verb, button } = choice
    if (!button) throw new Refusal('foreign_payload', 'a button that is not ours')
    const card = await cardOf(slack, press, button)
    return formModal(await windowFromCard(slack, doerOf(slack, press), { verb, button, card: card.id }))
  })
}

/** The full request. */
export async function openFromCard(slack: SlackContext, press: Press): Promise<void> {
  await openChoice(slack, press, { choice: 'full', button: readButtonValue(pressed(press.body).value) })
}

/** Whatever was chosen from the menu. */
export async function openFromMenu(slack: SlackContext, press: Press): Promise<void> {
  await openChoice(slack, press, menuChoice(pressed(press.body).value))
}

async function openChoice(
  slack: SlackContext,
  press: Press,
  menu: { readonly choice: string; readonly button: ButtonValue | null },
): Promise<void> {
  await press.ack()
  const { choice, button } = menu
  const verb = verbOfWindow(choice)
  if (verb) return openWindowOf(slack, press, { verb, button })
  await openFor(slack, press, async () => {
    if (!button || !isMenuChoice(choice)) throw new Refusal('foreign_payload', 'a menu that is not ours')
    const card = await cardOf(slack, press, button)
    const origin: ViewOrigin = { request: button.request, card: card.id, page: 0, from: 'card' }
    return makeRequestModal(slack, press.body.user.id, { choice, origin })
  })
}

/** The posted card that was clicked. @throws Refusal when it is none, or another took its place */
async function cardOf(slack: SlackContext, press: Press, button: ButtonValue): Promise<Card> {
  return standing(slack, press, await cardNamed(slack.ports.store, button))
}

async function standing(slack: SlackContext, press: Press, named: NamedCard): Promise<Card> {
  const place = placeOfPress(press)
  const at = pressedAt(place, slack.team)
  // Their click is acknowledged long before.
  const records = { store: slack.ports.store, patience: 10 * slack.slowAfter }
  const found = await standingCard(records, named, at)
  if (found.kind === 'card') return found.card
  const pointTo: CardPointer = async (known) => {
    const there = placeToShow(known, place)
    const link = there && (await permalinkOf(slack.clicks, there))
    return link === null ? null : [{ link, says: cardIsHere }]
  }
  throw await foundOldCopy(slack.ports.store, found.request, { copy: messagePressed(named, at), pointTo })
}

function placeOfPress({ body }: Press): Place {
  const { channel_id: channel = '', message_ts: ts = '' } = body.container
  return { channel, ts }
}
