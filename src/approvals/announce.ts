import type { ActionRequest } from '../core/request.ts'
import { viewOf } from './inspect.ts'
import { requestLine } from './line.ts'
import { type Card, type Channel, ChannelFault, type Ports, type Put } from './ports.ts'

/**
 * Posts a card for the request in every conversation that policy names, once each. Safe to run again: what is posted
 * stays, what is not is tried. One conversation that refuses does not keep the others from theirs; then the first
 * fault is thrown at the end, so that the job is tried again.
 */
export async function announce(ports: Ports, channel: Channel, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.state !== 'pending' || !request.requirement) return
  let fault: ChannelFault | null = null
  for (const conversation of request.requirement.notify.channels) {
    try {
      await postCard(ports, channel, { request, conversation })
    } catch (error) {
      if (!(error instanceof ChannelFault)) throw error
      fault ??= error
    }
  }
  if (fault) throw fault
}

/**
 * The order matters. The card is written down before it is posted, so that whatever happens to the answer, its buttons
 * carry an id we know; an earlier card whose answer never came is retired in the same commit, so that of two messages
 * only one can decide (threats: double-post). Only a posted card counts for decisions.
 */
async function postCard(
  ports: Ports,
  channel: Channel,
  where: { readonly request: ActionRequest; readonly conversation: string },
): Promise<void> {
  const { request, conversation } = where
  const earlier = (await ports.store.cards(request.id)).filter((card) => card.conversation === conversation)
  if (earlier.some((card) => card.status === 'posted')) return
  const card: Card = {
    id: ports.ids.next('crd'),
    version: 1,
    request: request.id,
    conversation,
    status: 'posting',
    message: null,
    shown: null,
    told: 0,
  }
  const retired = earlier.filter((one) => one.status === 'posting').map(retire)
  const begun = await ports.store.commit({ cards: [...retired, { expected: null, next: card }], lines: [] })
  if (begun !== 'applied') return announce(ports, channel, request.id)

  const message = await channel.post(card, await viewOf(ports, request))
  const posted: Card = { ...card, version: 2, status: 'posted', message, shown: request.version }
  const line = requestLine(ports, request, {
    type: 'card.posted',
    actor: { kind: 'system', id: 'announce', via: 'job' },
    data: { card: card.id, conversation, message },
  })
  await ports.store.commit({
    cards: [{ expected: 1, next: posted }],
    lines: [line],
    // The request may have moved on while the card travelled.
    jobs: [{ task: 'refresh', request: request.id }],
  })
}

function retire(card: Card): Put<Card> {
  return { expected: card.version, next: { ...card, version: card.version + 1, status: 'replaced' } }
}
