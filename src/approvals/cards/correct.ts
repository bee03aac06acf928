import type { ActionRequest } from '../../core/request.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import type { MessageAt } from '../job.ts'
import type { Ports } from '../ports.ts'
import { everywhere, refuseUndelivered } from './everywhere.ts'
import { postedCards, showIn } from './refresh.ts'

/**
 * Makes a message that was clicked say the truth: the card on record shows the newest state, and a copy that is not on
 * record says that it decides nothing. That is how a posting whose answer was lost is found: we cannot search for it,
 * because we do not ask to read what people write. Safe to run again; what stands there is looked up anew each time.
 *
 * @throws Undelivered
 */
export async function correct(
  ports: Ports,
  channel: Channel,
  about: MessageAt & { readonly request: string },
): Promise<void> {
  const { conversation, message } = about
  const [request, standing] = await Promise.all([
    ports.store.request(about.request),
    ports.store.cardAt(conversation, message),
  ])
  // A message of another request is none of ours to change.
  if (!request || (standing && standing.request !== request.id)) return
  const isCard = standing?.status === 'posted'
  const failures = await everywhere([conversation], () =>
    isCard
      ? showIn(ports, channel, { request, conversation })
      : disown(ports, channel, { request, at: { conversation, message } }),
  )
  refuseUndelivered(failures)
}

/** A copy that somebody deleted deceives nobody. */
async function disown(
  ports: Ports,
  channel: Channel,
  copy: { readonly request: ActionRequest; readonly at: MessageAt },
): Promise<void> {
  const { request, at } = copy
  const cards = [...(await postedCards(ports, request.id)).values()]
  try {
    await channel.disown(at, { request, cards })
  } catch (fault) {
    if (!(fault instanceof ChannelFault) || !fault.gone) throw fault
  }
}
