import type { KnownBlock } from '@slack/types'
import { viewOf } from '../approvals/inspect.ts'
import type { RequestView } from '../approvals/ports.ts'
import type { Card } from '../approvals/records.ts'
import { isDirect } from '../approvals/refresh.ts'
import { stateText } from './answers.ts'
import { context, mrkdwn } from './blocks.ts'
import type { CardMessage } from './card.ts'
import type { Desk } from './desk.ts'
import { slackFault } from './fault.ts'
import { OldCard } from './oldCard.ts'
import { linkTo } from './permalink.ts'
import { type Place, placeOf } from './place.ts'

/**
 * A copy of a card that is not the one on record was clicked: from now on it says the truth and where the card is, and
 * has no buttons. That is how a posting whose answer was lost is found: we cannot search for it, because we do not ask
 * to read what people write. Resolves to what the clicker is told; nobody waits for the correction.
 */
export async function foundOldCopy(desk: Desk, request: string, at: Place): Promise<OldCard> {
  const link = await linkToCard(desk, request, at)
  void correct(desk, request, { at, link })
  return new OldCard('a click on a message that is not the card on record', link)
}

/** A card that still asks although its request is settled says so from now on. Never rejects. */
export async function correctCard(desk: Desk, id: string | null): Promise<void> {
  try {
    const card = id === null ? null : await desk.ports.store.card(id)
    const request = card && (await desk.ports.store.request(card.request))
    if (request) await desk.channel.update(card, await viewOf(desk.ports, request))
  } catch (fault) {
    desk.log.warn({ err: fault, card: id }, 'a card could not be corrected')
  }
}

async function correct(
  desk: Desk,
  id: string,
  copy: { readonly at: Place; readonly link: string | null },
): Promise<void> {
  try {
    const request = await desk.ports.store.request(id)
    if (!request) return
    const message = oldCopy(await viewOf(desk.ports, request), copy.link)
    await desk.clicks.chat.update({ ...copy.at, ...message })
  } catch (fault) {
    desk.log.warn(
      { code: slackFault(fault).code, requestId: id },
      'an old copy of a card could not be corrected',
    )
  }
}

/** What stands in the place of an old copy: nothing of the action, because it may stand anywhere. */
function oldCopy(view: RequestView, link: string | null): CardMessage {
  const { id } = view.request
  const where = link ?? `See \`/approvals show ${id}\`.`
  const says = `This copy of the card is out of date and decides nothing (${id}). ${stateText(view)} ${where}`
  const blocks: KnownBlock[] = [context(mrkdwn(says))]
  return { text: says, blocks }
}

/** To the card on record, in the same conversation if there is one, never to one that was sent to somebody else. */
async function linkToCard(desk: Desk, id: string, at: Place): Promise<string | null> {
  const request = await desk.ports.store.request(id)
  const cards = (await desk.ports.store.cards(id)).filter((card) => card.status === 'posted')
  const open = cards.filter((card) => request && !isDirect(request, card))
  const places = [...open, ...cards.filter((card) => placeOf(card)?.channel === at.channel)].map(
    (card: Card) => placeOf(card),
  )
  const place = places.findLast((one) => one?.channel === at.channel) ?? places.at(-1)
  return place ? linkTo(desk.clicks, place, 'The card is here.') : null
}
