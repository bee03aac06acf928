import { viewOf } from './inspect.ts'
import { requestLine } from './line.ts'
import { type Channel, ChannelFault, type Ports } from './ports.ts'

/** Reminds whoever is still needed, in the thread of every card of a request that is still pending. */
export async function remind(
  ports: Ports,
  channel: Channel,
  about: { readonly request: string; readonly nth: number },
): Promise<void> {
  const request = await ports.store.request(about.request)
  if (request?.state !== 'pending') return
  const view = await viewOf(ports, request)
  for (const card of await ports.store.cards(request.id)) {
    if (card.status !== 'posted') continue
    try {
      await channel.remind(card, view)
    } catch (fault) {
      // Nobody is reminded twice because an answer was lost.
      if (!(fault instanceof ChannelFault) || !fault.unknown) throw fault
    }
  }
  const open =
    request.requirement?.legs.filter((leg) => (view.filled.get(leg.name)?.length ?? 0) < leg.count) ?? []
  await ports.store.commit({
    lines: [
      requestLine(ports, request, {
        type: 'reminder.sent',
        actor: { kind: 'system', id: 'reminder', via: 'clock' },
        data: { nth: about.nth, legs: open.map((leg) => leg.name) },
      }),
    ],
    delivery: `remind:${request.id}:${about.nth}`,
  })
}
