import type { Ports } from '../ports.ts'
import type { NewsJob, Trouble, TroubleJob } from './records.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The job that looks at it when the minute is over, however often it happens in it. */
export function troubleJob(agent: string, trouble: Trouble, now: Date): TroubleJob {
  return lookAt(agent, trouble, (Math.floor(now.getTime() / minuteMs) + 1) * minuteMs)
}

function lookAt(agent: string, trouble: Trouble, time: number): TroubleJob {
  const at = new Date(time).toISOString()
  return { task: 'trouble', agent, trouble, slot: at, at }
}

/**
 * The owner of an agent, as they are now, is to hear that it is in trouble: of each kind at once, and then once in an hour for as long as it
 * goes on. An agent that runs into the same thing all night is one line an hour, whatever it does.
 */
export async function noteTrouble(
  ports: Ports,
  { agent: id, trouble }: Pick<TroubleJob, 'agent' | 'trouble'>,
): Promise<void> {
  const agent = await ports.store.agent(id)
  if (!agent || agent.status === 'revoked') return
  const now = ports.clock()
  const hour = Math.floor(now.getTime() / hourMs)
  const since = now.toISOString()
  const about = { agent: id, trouble, hour: new Date(hour * hourMs).toISOString() }
  const news: NewsJob = { task: 'news', person: agent.owner, about, since, at: since }
  const delivery = `trouble:${id}:${trouble}:${hour}`
  const noted = await ports.store.commit({ entries: [], jobs: [news], delivery })
  if (noted !== 'duplicate') return
  await ports.store.commit({ entries: [], jobs: [lookAt(id, trouble, (hour + 1) * hourMs)] })
}
