import type { AccountKey } from '../../core/identity.ts'
import { ChannelFault } from '../channelPort.ts'
import type { Ports } from '../ports.ts'

/** The name under which a person's minute is taken: whoever writes to them directly takes it first. */
export function minuteOf(ports: Pick<Ports, 'clock'>, person: AccountKey): string {
  return `direct:${person}:${ports.clock().toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)}`
}

/**
 * Nobody gets more than one direct message in a minute, whatever happens around them. Taken before it is sent, so that two
 * replicas do not both send one. @throws ChannelFault `not_yet`, with the seconds that are left of the minute
 */
export async function takeMinute(ports: Ports, person: AccountKey): Promise<void> {
  const taken = await ports.store.commit({ entries: [], delivery: minuteOf(ports, person) })
  if (taken !== 'duplicate') return
  throw new ChannelFault({
    code: 'not_yet',
    message: 'this person has had a direct message within the minute',
    unknown: false,
    retryAfterSeconds: 60 - ports.clock().getUTCSeconds(),
  })
}
