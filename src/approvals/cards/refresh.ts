import type { RequestView } from '../../card/view.ts'
import type { ActionRequest, AnyRequest } from '../../core/request.ts'
import type { Entry } from '../../ledger/entry.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import { viewOf } from '../inspect.ts'
import type { Tries } from '../job.ts'
import type { Ports } from '../ports.ts'
import type { Card } from '../records.ts'
import { cardMoved, everywhere, refuseUndelivered } from './everywhere.ts'
import { recordIfPosted, retired } from './standCard.ts'

/**
 * Makes every posted card show the newest state and tells its thread what is new, once for each entry. Cards that are
 * up to date by the record cost nothing, unless an earlier run did not end well: then what it sent may stand there over
 * what the record says (`again`: everywhere, `tries`: in these conversations). A fault in one conversation does not keep
 * the others from theirs.
 *
 * @throws Undelivered
 */
export async function refresh(
  ports: Ports,
  channel: Channel,
  about: { readonly request: string; readonly again?: boolean; readonly tries?: Tries },
): Promise<void> {
  const { request: id, again = false, tries = {} } = about
  const request = await ports.store.request(id)
  if (!request) return
  if (request.state !== 'pending') await retireUnanswered(ports, channel, request)
  const view = await viewOf(ports, request)
  const entries = await ports.store.entries(id)
  const posted = await postedCards(ports, id)
  const failures = await everywhere([...posted.keys()], async (conversation) => {
    const card = posted.get(conversation)
    // What became of a change of policy is no change of its request.
    const doubtful =
      again || conversation in tries || view.change !== undefined || hasOtherPeople(view, request)
    if (card)
      await orReplace(ports, card, request, () => bringUp(ports, channel, { card, view, entries, doubtful }))
  })
  refuseUndelivered(failures)
}

/** Nor is who its people turned out to be since, or whose the agent is now. */
function hasOtherPeople({ request: shown }: RequestView, { behind }: ActionRequest): boolean {
  return shown.renamed.size > 0 || shown.behind.length > behind.length
}

/** The posted cards of a request, by conversation. */
export async function postedCards(ports: Ports, request: string): Promise<ReadonlyMap<string, Card>> {
  const cards = (await ports.store.cards(request)).filter((card) => card.status === 'posted')
  return new Map(cards.map((card) => [card.conversation, card]))
}

/** True for a card that was sent to one person, because a conversation that policy names did not work. */
export function isDirect(request: AnyRequest, card: Pick<Card, 'conversation'>): boolean {
  return !request.requirement?.notify.channels.includes(card.conversation)
}

/**
 * Looks after the card in a conversation: shows the newest state on it, whether or not it did already. False when none
 * stands there: none was posted, or somebody deleted it, and then another is asked for.
 *
 * @throws ChannelFault
 */
export async function showIn(
  ports: Ports,
  channel: Channel,
  about: { readonly request: ActionRequest; readonly conversation: string },
): Promise<boolean> {
  const { request, conversation } = about
  const card = (await postedCards(ports, request.id)).get(conversation)
  if (!card) return false
  const view = await viewOf(ports, request)
  return orReplace(ports, card, request, () => show(ports, channel, { card, view }))
}

/**
 * A posting whose answer never came stays without an answer: once the request is settled nothing is posted in its
 * place, so it is only written down that it has no say. Whoever finds its message by a click hears the truth.
 */
export async function retireUnanswered(
  ports: Ports,
  channel: Channel,
  request: ActionRequest,
): Promise<void> {
  for (const card of await ports.store.cards(request.id)) {
    if (card.status !== 'posting' || (await recordIfPosted(ports, channel, { card, request }))) continue
    // Lost to another run, it is retired by that one.
    await ports.store.commit({ cards: [retired(card)], entries: [] })
  }
}

/** A card that somebody deleted is retired, and false. As long as people are asked, another is posted in its place. */
async function orReplace(
  ports: Ports,
  card: Card,
  request: ActionRequest,
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work()
    return true
  } catch (fault) {
    if (!(fault instanceof ChannelFault) || !fault.gone) throw fault
  }
  const newest = (await ports.store.card(card.id)) ?? card
  const again = request.state === 'pending' && !isDirect(request, card)
  await ports.store.commit({
    cards: [retired(newest)],
    entries: [],
    jobs: again ? [{ task: 'announce', request: request.id }] : [],
  })
  return false
}

/** Whoever was written to directly sees the newest state, and gets no more messages. */
async function bringUp(
  ports: Ports,
  channel: Channel,
  about: {
    readonly card: Card
    readonly view: RequestView
    readonly entries: readonly Entry[]
    readonly doubtful: boolean
  },
): Promise<void> {
  const { card, view } = about
  const isShown = card.shown === view.request.version && !about.doubtful
  const shown = isShown ? card : await show(ports, channel, { card, view })
  if (!isDirect(view.request, card)) await tell(ports, channel, { ...about, card: shown })
}

/**
 * Noted also when the record says that this was shown already: a run that outlived its worker, or waited for its turn, may
 * send an older state after a newer one. Whichever of the two notes it last finds that the card has moved, and shows the
 * newest once more.
 */
async function show(
  ports: Ports,
  channel: Channel,
  about: { readonly card: Card; readonly view: RequestView },
): Promise<Card> {
  const { card, view } = about
  await channel.update(card, view)
  return advance(ports, card, { shown: view.request.version })
}

/**
 * A line is noted as told before it is sent, and the note is taken back when the channel certainly did not take it. Of
 * two evils, a line that is missing from the thread because the process died or an answer was lost (the card and
 * `/approvals show` have it) and a line that stands there twice, a careful colleague picks the first.
 */
async function tell(
  ports: Ports,
  channel: Channel,
  about: { readonly card: Card; readonly view: RequestView; readonly entries: readonly Entry[] },
): Promise<void> {
  let { card } = about
  for (const entry of about.entries.slice(card.told)) {
    const { told } = card
    card = await advance(ports, card, { told: told + 1 })
    try {
      await channel.tell(card, about.view, entry)
    } catch (fault) {
      if (fault instanceof ChannelFault && fault.unknown) continue
      await advance(ports, card, { told })
      throw fault
    }
  }
}

async function advance(
  ports: Ports,
  card: Card,
  change: Partial<Pick<Card, 'shown' | 'told'>>,
): Promise<Card> {
  const next: Card = { ...card, ...change, version: card.version + 1 }
  const committed = await ports.store.commit({ cards: [{ expected: card.version, next }], entries: [] })
  if (committed === 'applied') return next
  // Another run of this job was here first; this one starts over with what that one left.
  throw cardMoved()
}
