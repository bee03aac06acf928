import type { RequestView } from '../../card/view.ts'
import type { ActionRequest, AnyRequest } from '../../core/request.ts'
import { carrierOf } from '../../core/set.ts'
import type { Entry } from '../../ledger/entry.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import type { Tries } from '../job.ts'
import { asTold } from '../people/asTold.ts'
import type { Ports } from '../ports.ts'
import type { ToldRequest } from '../queries.ts'
import type { Card } from '../records.ts'
import { withCalls } from './callsOfEntries.ts'
import { cardMoved, everywhere, isMoved, refuseUndelivered, Untold } from './everywhere.ts'
import { asShared, cardViewOf, isAsking, isReleasedNarrowing } from './lines.ts'
import { type Line, newLines } from './newLines.ts'
import { recordIfPosted, retired } from './standCard.ts'

/** Looks at what another run left, before this one gives way to it. */
const looks = 3

/**
 * Makes every posted card show the newest state and tells its thread what is new, once for each entry that people need to
 * hear of. Cards that are up to date by the record cost nothing, unless an earlier run did not end well: then what it sent
 * may stand there over what the record says (`again`: everywhere, `tries`: in these conversations), or a stop has begun or ceased
 * to hold it (`anew`). A fault in one
 * conversation does not keep the others from theirs.
 *
 * @throws Undelivered
 */
export async function refresh(
  ports: Ports,
  channel: Channel,
  about: {
    readonly request: string
    readonly again?: boolean
    readonly anew?: boolean
    readonly tries?: Tries
  },
): Promise<void> {
  const { request: id, again = false, anew = false, tries = {} } = about
  const known = await knownOf(ports, channel, id)
  if (!known) return
  const { posted } = known
  const failures = await everywhere([...posted.keys()], (conversation) => {
    const tried = tries[conversation]
    return insist(ports, channel, {
      known,
      conversation,
      doubtful: again || anew || (tried !== undefined && !tried.untold) || hasOtherPeople(known),
    })
  })
  refuseUndelivered(failures)
}

/** What is shown and told, and where. */
interface Known {
  readonly request: ActionRequest
  readonly view: RequestView
  readonly entries: readonly Entry[]
  readonly posted: ReadonlyMap<string, Card>
}

async function knownOf(ports: Ports, channel: Channel, id: string): Promise<Known | null> {
  const found = await toldOnItsCard(ports, id)
  if (!found) return null
  const asks = await isAsking(asShared(ports, found), found.request)
  // What a card says of a stop stands until the next time, so it is not told by memory.
  if (asks) await ports.stops.renew()
  const wantsCard = asks || isReleasedNarrowing(found.request)
  const retired = !wantsCard && (await retireUnanswered(ports, channel, found))
  // Cards, and what is shown on them, are of one moment.
  const told = retired ? ((await ports.store.toldRequest(found.request.id)) ?? found) : found
  const { request, entries, cards } = told
  return {
    request,
    entries,
    posted: postedAmong(cards),
    view: await cardViewOf(asTold(asShared(ports, told), told), request),
  }
}

/** What is listed on the card of another is shown there. */
async function toldOnItsCard({ store }: Pick<Ports, 'store'>, id: string): Promise<ToldRequest | null> {
  const found = await store.toldRequest(id)
  const carrier = found && found.request.rollsBack === undefined ? carrierOf(found.request) : id
  return carrier === id ? found : store.toldRequest(carrier)
}

/**
 * Where another run, of another replica perhaps, has changed the card meanwhile, nobody knows whose message came last: so
 * it is looked at again, and the newest shown once more.
 */
async function insist(
  ports: Ports,
  channel: Channel,
  about: { readonly known: Known; readonly conversation: string; readonly doubtful: boolean },
): Promise<void> {
  let { known, doubtful } = about
  for (let look = 1; ; look += 1) {
    const card = known.posted.get(about.conversation)
    const { request } = known
    if (!card) return
    try {
      await orReplace(ports, card, request, () => bringUp(ports, channel, { ...known, card, doubtful }))
      return
    } catch (fault) {
      if (!isMoved(fault) || look === looks) throw fault
    }
    known = (await knownOf(ports, channel, request.id)) ?? known
    doubtful = true
  }
}

/** Who the people of a request turned out to be since, or whose its agent is now, is no change of the request. */
function hasOtherPeople({ view, request }: Known): boolean {
  return (
    (view.lines ?? [view]).some((one) => one.request.renamed.size > 0) ||
    view.request.behind.length > request.behind.length
  )
}

/** The posted cards of a request, by conversation. */
export async function postedCards(ports: Ports, request: string): Promise<ReadonlyMap<string, Card>> {
  return postedAmong(await ports.store.cards(request))
}

export function postedAmong(cards: readonly Card[]): ReadonlyMap<string, Card> {
  const posted = cards.filter((card) => card.status === 'posted')
  return new Map(posted.map((card) => [card.conversation, card]))
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
  const view = await cardViewOf(ports, request)
  return orReplace(ports, card, request, () => show(ports, channel, { card, view }))
}

/**
 * A posting whose answer never came stays without an answer: once the request is settled nothing is posted in its
 * place, so it is only written down that it has no say. Whoever finds its message by a click hears the truth. False when there
 * was none.
 */
export async function retireUnanswered(
  ports: Ports,
  channel: Channel,
  { request, cards }: Pick<ToldRequest, 'request' | 'cards'>,
): Promise<boolean> {
  const unanswered = cards.filter(({ status }) => status === 'posting')
  for (const card of unanswered) {
    if (await recordIfPosted(ports, channel, { card, request })) continue
    // Lost to another run, it is retired by that one.
    await ports.store.commit({ cards: [retired(card)], entries: [] })
  }
  return unanswered.length > 0
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
  const again = !isDirect(request, card) && (await isAsking(ports, request))
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
  const { card, view, entries, doubtful } = about
  const { lines, told } = isDirect(view.request, card)
    ? { lines: [], told: entries.length }
    : newLines(card.told, view, entries)
  // What became of a change of policy is no change of its request.
  const isShown = card.shown === view.request.version && !doubtful && view.change === undefined
  if (isShown && lines.length === 0) return
  if (!isShown) await channel.update(card, view)
  const shown = { shown: view.request.version }
  const [first] = lines
  if (first)
    await channel.mayTell(card).catch(async (fault: unknown) => {
      if (!isShown) await advance(ports, card, { ...shown, told: first.nth })
      throw untold(fault)
    })
  const noted = await advance(ports, card, { ...shown, told })
  await tell(ports, channel, { card: noted, view, lines })
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
 * Lines are noted as told before they are sent, all at once, and the note is taken back from the message on that the channel
 * certainly did not take. Of two evils, a line that is missing from the thread because the process died or an answer was
 * lost (the card and `/approvals show` have it) and a line that stands there twice, a careful colleague picks the first.
 */
async function tell(
  ports: Ports,
  channel: Channel,
  { card, view, lines }: { readonly card: Card; readonly view: RequestView; readonly lines: readonly Line[] },
): Promise<void> {
  const atOnce = view.lines ? linesOfSeveral : linesAtOnce
  for (let from = 0; from < lines.length; from += atOnce) {
    const some = lines.slice(from, from + atOnce)
    const told = some.map(({ entry }) => entry)
    try {
      await channel.tell(card, await withCalls(ports, { card, view, entries: told }), told)
    } catch (fault) {
      if (fault instanceof ChannelFault && fault.unknown) continue
      await advance(ports, card, { told: some[0]?.nth ?? card.told })
      throw untold(fault)
    }
  }
}

/** As many as a message has room for, however much each has to say. */
const linesAtOnce = 8
/** What happens to several requests of one card at once is said in few words. */
const linesOfSeveral = 20

function untold(fault: unknown): unknown {
  return fault instanceof ChannelFault && !fault.gone ? new Untold(fault) : fault
}

async function advance(
  ports: Ports,
  card: Card,
  change: Partial<Pick<Card, 'shown' | 'told'>>,
): Promise<Card> {
  const next: Card = { ...card, ...change, version: card.version + 1 }
  const committed = await ports.store.commit({ cards: [{ expected: card.version, next }], entries: [] })
  if (committed === 'applied') return next
  // Another run was here first; this one starts over with what that one left.
  throw cardMoved()
}
