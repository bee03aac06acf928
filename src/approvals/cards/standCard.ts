import type { RequestView } from '../../card/view.ts'
import { policyActivation } from '../../core/action.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Put } from '../change.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import { requestEntry } from '../newEntry.ts'
import { asTold } from '../people/asTold.ts'
import type { Ports } from '../ports.ts'
import type { ToldRequest } from '../queries.ts'
import type { Card } from '../records.ts'
import { refreshJob } from '../settle.ts'
import { setsAsked } from './askedSets.ts'
import { cardMoved, Unsent } from './everywhere.ts'
import { asShared, cardViewOf, isAsking } from './lines.ts'
import { type Calls, whomToCall } from './whomToCall.ts'

/** A card that is to stand in one conversation. */
export interface Placing {
  /** The request as it was a moment ago: the card shows it, tells its entries, and takes the place of the cards that it has there. */
  readonly known: ToldRequest
  readonly conversation: string
  /** The card that an earlier try wrote down and that certainly never went out. */
  readonly unsent?: string | undefined
  /** Of several with the same name only the first is posted. */
  readonly delivery?: string
}

/**
 * Sees to it that the card of a request stands in a conversation. Safe to run again: what is posted stays.
 *
 * The order matters. The card is written down before it is posted, so that whatever happens to the answer, its buttons
 * carry an id we know; an earlier card whose answer never came is retired in the same commit, so that of two messages
 * only one can decide (threats: double-post). Only a posted card counts for decisions.
 *
 * @throws ChannelFault, as `Unsent` when nothing was sent
 */
export async function standCard(ports: Ports, channel: Channel, placing: Placing): Promise<void> {
  const { known, conversation, unsent } = placing
  const { request } = known
  const earlier = known.cards.filter((card) => card.conversation === conversation)
  if (earlier.some((card) => card.status === 'posted')) return
  const unanswered = earlier.filter((card) => card.status === 'posting')
  for (const card of unanswered) if (await recordIfPosted(ports, channel, { card, request })) return

  const view = await cardViewOf(asTold(asShared(ports, known), known), request)
  const again = unanswered.find((card) => card.id === unsent)
  if (again) return post(ports, channel, { card: again, known, view })
  const id = ports.ids.next('crd')
  const { mentions, spared } = await callsOf(ports, { view, conversation, name: id })
  // Two runs at two replicas see no card at the same moment: one of them writes one down, and the other looks again.
  const nth = `card:${request.id}:${conversation}:${earlier.length}`
  const card: Card = {
    id,
    version: 1,
    request: request.id,
    conversation,
    status: 'posting',
    message: null,
    shown: null,
    told: known.entries.length,
    ...(spared && { spared }),
  }
  const begun = await ports.store.commit({
    cards: [...unanswered.map(retired), { expected: null, next: card }],
    entries: [],
    mentions,
    delivery: placing.delivery ?? nth,
  })
  if (begun === 'conflict' || (begun === 'duplicate' && !placing.delivery)) throw cardMoved()
  if (begun === 'applied') await post(ports, channel, { card, known, view })
}

/** Whoever gets a card of their own is written to, and not mentioned: how many of those there are has a bound of its own. */
async function callsOf(
  ports: Ports,
  card: { readonly view: RequestView; readonly conversation: string; readonly name: string },
): Promise<Calls> {
  const { view, conversation, name } = card
  const isOwn = !view.request.requirement?.notify.channels.includes(conversation)
  return isOwn ? { mentions: [] } : whomToCall(ports, { view, asked: setsAsked(view), name })
}

/** A card that this process is sure to have posted, although its record was lost, is recorded now. */
export async function recordIfPosted(
  ports: Ports,
  channel: Channel,
  about: { readonly card: Card; readonly request: ActionRequest },
): Promise<boolean> {
  const message = await channel.postedAt(about.card)
  if (message === null) return false
  await record(ports, channel, {
    ...about,
    message,
    view: await cardViewOf(ports, about.request),
    shown: null,
  })
  return true
}

/** The record after which a card has no say. */
export function retired(card: Card): Put<Card> {
  return { expected: card.version, next: { ...card, version: card.version + 1, status: 'replaced' } }
}

async function post(
  ports: Ports,
  channel: Channel,
  about: { readonly card: Card; readonly known: ToldRequest; readonly view: RequestView },
): Promise<void> {
  const { card, known, view } = about
  const { request } = known
  const message = await channel.post(card, view).catch((fault: unknown) => {
    if (fault instanceof ChannelFault && !fault.unknown) throw new Unsent(fault, card.id)
    throw fault
  })
  await record(ports, channel, { card, request, message, view, shown: request.version })
}

interface Posted {
  readonly card: Card
  readonly request: ActionRequest
  readonly message: string
  readonly view: RequestView
  readonly shown: number | null
}

async function record(ports: Ports, channel: Channel, posted: Posted): Promise<void> {
  const { card, request, message, shown } = posted
  const entry = requestEntry(ports, request, {
    type: 'card.posted',
    actor: { kind: 'system', id: 'announce', via: 'job' },
    data: { card: card.id, conversation: card.conversation, message },
  })
  // What becomes of its rollback alone is no change of the request either.
  const mayBeBehind = shown === null || isChangeOfPolicy(request) || request.set !== undefined
  const next: Card = { ...card, version: card.version + 1, status: 'posted', message, shown }
  const recorded = await ports.store.commit({
    cards: [{ expected: card.version, next }],
    entries: [entry],
    jobs: mayBeBehind ? refreshJob(request) : [],
  })
  if (recorded === 'applied') return mayBeBehind ? undefined : catchUp(ports, request.id, [next])
  await disarm(ports, channel, posted)
}

/**
 * The card was noted otherwise while its message travelled: another run has retired it, or has posted the same card. Of its
 * messages only the recorded one may ask. One that was retired because the asking is over says how it ended.
 */
async function disarm(ports: Ports, channel: Channel, posted: Posted): Promise<void> {
  const { card, message } = posted
  const [cards, request] = await Promise.all([
    ports.store.cards(posted.request.id),
    ports.store.request(posted.request.id),
  ])
  const now = cards.find(({ id }) => id === card.id)
  if (!now || (now.status !== 'replaced' && (now.status !== 'posted' || now.message === message))) return
  const stands = cards.some((one) => one.status === 'posted' && one.conversation === card.conversation)
  if (request && !stands && !(await isAsking(ports, request)))
    return channel.update({ ...now, status: 'posted', message }, await cardViewOf(ports, request))
  await channel.update({ ...now, status: 'replaced', message }, posted.view)
}

/**
 * The request may have moved on while a card travelled, or another that asks the same may have come to stand on it, and whoever moved it found no card to change. What moves it from
 * now on finds the card. So this is looked at after the card was noted, and again by the next run, should this one end here.
 */
export async function catchUp(ports: Ports, id: string, cards: Iterable<Card>): Promise<void> {
  const request = await ports.store.request(id)
  if (!request) return
  const [other] = request.set ? [] : await ports.store.alikeOn(id)
  if (other || [...cards].some(({ shown }) => shown !== request.version))
    await ports.store.commit({ entries: [], jobs: refreshJob(other ?? request) })
}

/** What has become of a policy shows on the card of its change, and is no change of the request. */
function isChangeOfPolicy({ action }: ActionRequest): boolean {
  return action.action === policyActivation
}
