import { type Channel, ChannelFault } from '../channelPort.ts'
import { viewOf } from '../inspect.ts'
import type { Answering } from '../job.ts'
import type { Ports } from '../ports.ts'
import { everywhere, refuseUndelivered } from './everywhere.ts'

/**
 * Tells whoever did something that had to be queued how it ended. Where the channel refuses, the job waits again; an
 * answer whose own answer was lost is not repeated, because the card says the same.
 *
 * @throws Undelivered
 */
export async function answer(
  ports: Ports,
  channel: Channel,
  about: Pick<Answering, 'to' | 'ending'> & { readonly request: string },
): Promise<void> {
  const { to, ending } = about
  const request = await ports.store.request(about.request)
  if (!request) return
  const view = await viewOf(ports, request)
  const failures = await everywhere([to], () =>
    channel.answer(to, view, ending).catch((fault: unknown) => {
      if (!(fault instanceof ChannelFault) || !fault.unknown) throw fault
    }),
  )
  refuseUndelivered(failures)
}
