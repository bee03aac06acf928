import { whyNotStaff } from '../../core/staff.ts'
import type { Channel } from '../channelPort.ts'
import { orUnknown } from '../people/askDirectory.ts'
import { accountOrNobody } from '../people/humans.ts'
import type { Ports } from '../ports.ts'
import { namedDelegations } from './named.ts'
import type { DelegationNews } from './news.ts'

/** Milliseconds after which nobody is told any more. */
const triedFor = 24 * 3_600_000

/**
 * Tells one of the two what has become of a delegation, in a message that is theirs alone. A beginning that is over by then is told no
 * more, and whoever has left hears nothing. One whose answer was lost is told twice rather than never; after a day it is given up.
 *
 * @throws ChannelFault, and the job is tried again
 */
export async function tellOfDelegation(ports: Ports, channel: Channel, news: DelegationNews): Promise<void> {
  const now = ports.clock()
  if (now.getTime() > Date.parse(news.since) + triedFor) return
  const standing = await ports.store.standingDelegations(now)
  const stands = standing.some(({ delegation }) => delegation === news.delegation)
  if (news.why === 'started' && !stands) return
  // Of whoever cannot be looked up just now it is not known that they have left.
  const account = await orUnknown(async () => ({ found: await accountOrNobody(ports.directory, news.to) }))
  if (account && (account.found === null || whyNotStaff(account.found) !== null)) return
  const one = { ...news, id: news.away }
  const { named, people } = await namedDelegations(ports, [one])
  const who = named.get(one)
  if (who)
    await channel.tellOfDelegation(news.to, { ...who, delegation: news.delegation, why: news.why }, people)
}
