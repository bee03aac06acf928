import type { ActionRequest } from '../core/request.ts'
import type { Entry } from '../ledger/entry.ts'
import { viewOf } from './inspect.ts'
import { type Card, type Channel, ChannelFault, type Ports, type RequestView } from './ports.ts'

/**
 * Makes every posted card show the newest state and tells its thread what is new, once for each entry. Cards that are
 * up to date cost nothing. A fault in one conversation does not keep the others from theirs.
 */
export async function refresh(ports: Ports, channel: Channel, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (!request) return
  const view = await viewOf(ports, request)
  const entries = await ports.store.entries(id)
  let fault: ChannelFault | null = null
  for (const card of await ports.store.cards(id)) {
    if (card.status !== 'posted') continue
    try {
      await tell(ports, channel, { card: await show(ports, channel, { card, view }), view, entries })
    } catch (error) {
      if (!(error instanceof ChannelFault)) throw error
      if (error.gone) await replace(ports, card, request)
      else fault ??= error
    }
  }
  if (fault) throw fault
}

/** A card that somebody deleted is retired. As long as people are asked, another is posted in its place. */
async function replace(ports: Ports, card: Card, request: ActionRequest): Promise<void> {
  const newest = (await ports.store.card(card.id)) ?? card
  await ports.store.commit({
    cards: [
      { expected: newest.version, next: { ...newest, version: newest.version + 1, status: 'replaced' } },
    ],
    lines: [],
    jobs: request.state === 'pending' ? [{ task: 'announce', request: request.id }] : [],
  })
}

async function show(
  ports: Ports,
  channel: Channel,
  about: { readonly card: Card; readonly view: RequestView },
): Promise<Card> {
  const { card, view } = about
  if (card.shown === view.request.version) return card
  await channel.update(card, view)
  return advance(ports, card, { shown: view.request.version })
}

/**
 * A line whose answer was lost counts as told: of two evils, a line that is missing from the thread (the card and
 * `/approvals show` have it) and a line that stands there twice, a careful colleague picks the first.
 */
async function tell(
  ports: Ports,
  channel: Channel,
  about: { readonly card: Card; readonly view: RequestView; readonly entries: readonly Entry[] },
): Promise<void> {
  let { card } = about
  for (const entry of about.entries.slice(card.told)) {
    try {
      await channel.tell(card, about.view, entry)
    } catch (fault) {
      if (!(fault instanceof ChannelFault) || !fault.unknown) throw fault
    }
    card = await advance(ports, card, { told: card.told + 1 })
  }
}

async function advance(
  ports: Ports,
  card: Card,
  change: Partial<Pick<Card, 'shown' | 'told'>>,
): Promise<Card> {
  const next: Card = { ...card, ...change, version: card.version + 1 }
  const committed = await ports.store.commit({ cards: [{ expected: card.version, next }], lines: [] })
  if (committed === 'applied') return next
  // Another run of this job was here first; this one starts over with what that one left.
  throw new ChannelFault({
    code: 'card_moved',
    message: 'the card changed while it was refreshed',
    unknown: false,
  })
}
