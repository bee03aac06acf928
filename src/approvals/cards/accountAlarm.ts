import type { Channel } from '../channelPort.ts'
import type { AccountNews } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'

/** Milliseconds after which nobody is told any more. */
const triedFor = 24 * 3_600_000

/**
 * Tells one of those who look after security that an account is not as it was. One whose answer was lost is told twice rather than
 * never; after a day it is given up.
 *
 * @throws ChannelFault, and the job is tried again
 */
export async function accountAlarm(ports: Ports, channel: Channel, news: AccountNews): Promise<void> {
  const { account, what, other, since, address } = news
  if (ports.clock().getTime() > Date.parse(since) + triedFor) return
  const [link, second] = [await ports.store.account(account), other && (await ports.store.account(other))]
  await channel.soundAccount(address, {
    what,
    changed: { account, name: link?.name ?? account },
    other: other === null ? null : { account: other, name: second ? second.name : other },
  })
  const entry = newEntry(ports, {
    type: 'alarm.sent',
    actor: { kind: 'system', id: 'alarm', via: 'job' },
    subject: { kind: 'person', id: link?.person ?? account },
    data: { why: 'account', what, account, other, address },
  })
  const delivery = `account ${what} ${account} ${other} ${since} ${address}`
  await ports.store.commit({ entries: [entry], delivery })
}
