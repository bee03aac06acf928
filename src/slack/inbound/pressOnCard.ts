import type { Verb, Vote } from '../../approvals/personCommand.ts'
import type { Card } from '../../approvals/records.ts'
import { Refusal } from '../../core/refusal.ts'
import { type ButtonValue, readButtonValue } from '../card/buttonValue.ts'
import type { SlackContext } from '../context.ts'
import type { Place } from '../place.ts'
import { isMenuChoice, makeRequestModal } from '../windows/requestModals.ts'
import type { ViewOrigin } from '../windows/shell.ts'
import { doInTime } from './doInTime.ts'
import { foundOldCopy } from './foundOldCopy.ts'
import { makeWindow } from './makeWindow.ts'
import { menuChoice, pressed } from './payloads.ts'
import {
  answer,
  approval,
  buttonOf,
  factsFor,
  listedFor,
  openFor,
  type Press,
  type Presser,
} from './press.ts'
import { cardNamed, messagePressed, type NamedCard, standingCard } from './standingCard.ts'
import { slackVerbs, verbOfWindow } from './verbs.ts'

/** One click approves, where nothing has to be written. */
export async function approveOnCard(slack: SlackContext, press: Press): Promise<void> {
  const { now, later } = await doInTime(slack, press.body.user.id, async () => {
    const button = buttonOf(pressed(press.body).value)
    if (button.card === null) throw new Refusal('foreign_payload', 'Approve without a card')
    const [seen, named] = await Promise.all([seenOnCard(slack, button), cardNamed(slack.ports.store, button)])
    const message = messagePressed(named, placeOfPress(press), slack.team)
    const draft = approval(press, { id: button.request, card: button.card, ...seen, ...message })
    // Kept for later, the same is compared by the verb, when the card is on record.
    return { ...draft, ready: () => standing(slack, press, named) }
  })
  await press.ack()
  // That it was recorded shows on the card; anything else has to be said.
  if (now.kind !== 'recorded' && now.kind !== 'repeated') await answer(slack, press, now.says)
  const end = later ? await later : null
  if (end && end.kind !== 'repeated') await answer(slack, press, end.says)
}

/** Opens the window of a verb, for whoever may do it. */
export function windowFromCard(verb: Verb): Presser {
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
    if (slackVerbs[verb].letsThrough) await seenOnCard(slack, button)
    const { request, together } = button
    const origin: ViewOrigin = { request, together, card: card.id, page: 0, from: 'card' }
    return makeWindow(slack, press.body, { verb, origin })
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

/** What the card shows of what a button acts on. @throws Refusal `view_needed` when that is not all of it */
async function seenOnCard(
  slack: SlackContext,
  { request, together }: ButtonValue,
): Promise<Pick<Vote, 'seen' | 'together'>> {
  if (!together) return { seen: await wholeOnCard(slack, request) }
  const lines = await listedFor(slack, together)
  if (lines.some(({ facts }) => !facts.fits))
    throw new Refusal('view_needed', 'a click on a card that does not show all of its lines')
  return {
    seen: '',
    together: lines.map(({ request: { id }, facts }) => ({ request: id, seen: facts.text })),
  }
}

/** The rendered facts, if the card shows all of them. The card of an action that does not fit has no such button. */
async function wholeOnCard(slack: SlackContext, id: string): Promise<string> {
  const facts = await factsFor(slack, id)
  // Should there be such a button all the same, it does not count.
  if (!facts.fits) throw new Refusal('view_needed', 'a click on a card that does not show the whole action')
  return facts.text
}

/** The posted card that was clicked. @throws Refusal when it is none, or another took its place */
async function cardOf(slack: SlackContext, press: Press, button: ButtonValue): Promise<Card> {
  return standing(slack, press, await cardNamed(slack.ports.store, button))
}

async function standing(slack: SlackContext, press: Press, named: NamedCard): Promise<Card> {
  const at = placeOfPress(press)
  // Their click is acknowledged long before.
  const records = { store: slack.ports.store, patience: 10 * slack.slowAfter, team: slack.team }
  const found = await standingCard(records, named, at)
  if (found.kind === 'card') return found.card
  throw await foundOldCopy(slack, found.request, { copy: messagePressed(named, at, slack.team), at })
}

function placeOfPress({ body }: Press): Place {
  const { channel_id: channel = '', message_ts: ts = '' } = body.container
  return { channel, ts }
}
