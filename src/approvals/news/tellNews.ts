import type { News as ToldNews } from '../../card/news.ts'
import type { AccountKey } from '../../core/identity.ts'
import { takeMinute } from '../cards/takeMinute.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import { jobKey } from '../job.ts'
import { accountToTell } from '../people/accountToTell.ts'
import type { Ports } from '../ports.ts'
import { itemsOf } from './items.ts'
import type { NewsJob } from './records.ts'

/** Milliseconds after which it is no news any more. */
const triedFor = 24 * 3_600_000

/** Milliseconds after a refusal: twice as many with each, up to the last. */
const waits = { first: 60_000, longest: 3_600_000 } as const

/** A channel refused; it is tried again at `next`, or given up when that is null. */
export interface Untold {
  readonly fault: ChannelFault
  readonly next: string | null
}

/**
 * Tells somebody in one message everything that there is to tell them, each request as it stands now. It is put down as told before it is
 * sent, under the name of what has waited longest: two runs that have read some of the same have read that, so that only one of them tells
 * it, however long the other took. A process that dies meanwhile may leave a message unsent and never sends it twice; what happens after it
 * was read has a job of its own. Whoever has left is told nothing.
 *
 * @throws ChannelFault `not_yet` while the minute is taken, and the job is tried again
 */
export async function tellNews(ports: Ports, channel: Channel, job: NewsJob): Promise<Untold | null> {
  // In this order: what a request says that is read later is never older than its jobs.
  const waiting = await ports.store.waitingNews(job.person)
  const [oldest] = waiting
  // Told by another run, which has dropped this one.
  if (!oldest || !waiting.some((one) => jobKey(one) === jobKey(job))) return null
  const fresh = waiting.filter(({ since }) => ports.clock().getTime() <= Date.parse(since) + triedFor)
  const account = fresh.length > 0 ? await accountToTell(ports, job.person) : null
  const items = account === null ? null : await itemsOf(ports, fresh, account)
  const told = [...waiting, ...(items?.toldWith ?? [])]
  const dropJobs = [...new Set(told.map(jobKey))]
  if (account === null || !items || items.news.items.length === 0) {
    await ports.store.commit({ entries: [], dropJobs })
    return null
  }
  await takeMinute(ports, account)
  const delivery = `told:${jobKey(oldest)}:${oldest.at}`
  if ((await ports.store.commit({ entries: [], dropJobs, delivery })) === 'duplicate') return null
  return send(ports, channel, { account, news: items.news, jobs: fresh })
}

/** What certainly was not sent is put down again. */
async function send(
  ports: Ports,
  channel: Channel,
  { account, news, jobs }: { account: AccountKey; news: ToldNews; jobs: readonly NewsJob[] },
): Promise<Untold | null> {
  try {
    await channel.tellNews(account, news)
    return null
  } catch (fault) {
    if (!(fault instanceof ChannelFault)) throw fault
    if (fault.unknown) return null
    const now = ports.clock().getTime()
    const failures = Math.max(0, ...jobs.map((one) => one.failures ?? 0)) + (fault.code === 'not_yet' ? 0 : 1)
    const wait = failures === 0 ? 0 : Math.min(waits.longest, waits.first * 2 ** (failures - 1))
    const at = new Date(now + Math.max(wait, (fault.retryAfterSeconds ?? 0) * 1_000)).toISOString()
    const left = jobs.filter(({ since }) => Date.parse(at) <= Date.parse(since) + triedFor)
    await ports.store.commit({ entries: [], jobs: left.map((one) => ({ ...one, at, failures })) })
    return { fault, next: left.length > 0 ? at : null }
  }
}
