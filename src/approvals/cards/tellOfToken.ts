import { whyNotStaff } from '../../core/staff.ts'
import type { Channel } from '../channelPort.ts'
import type { TokenNews } from '../job.ts'
import { accountOrNobody } from '../people/humans.ts'
import { DirectoryFault, type Ports } from '../ports.ts'
import type { PersonalToken } from '../records.ts'

/** Milliseconds after which nobody is told any more. */
const triedFor = 24 * 3_600_000

/**
 * Tells whoever has a personal token what has become of it, in a message that is theirs alone. Whoever has left hears nothing: nor does
 * their token do anything. One whose answer was lost is told twice rather than never; after a day it is given up.
 *
 * @throws ChannelFault, and the job is tried again
 */
export async function tellOfToken(ports: Ports, channel: Channel, news: TokenNews): Promise<void> {
  const token = await ports.store.personalToken(news.token)
  if (!token || ports.clock().getTime() > Date.parse(news.since) + triedFor) return
  if (await mayHear(ports, token)) await channel.tellOfToken(token, news)
}

/** Of whoever cannot be looked up just now it is not known that they have left. */
async function mayHear({ directory }: Ports, { account }: PersonalToken): Promise<boolean> {
  try {
    const found = await accountOrNobody(directory, account)
    return found !== null && whyNotStaff(found) === null
  } catch (fault) {
    if (fault instanceof DirectoryFault) return true
    throw fault
  }
}
