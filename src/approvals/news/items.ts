import type { NewsItem, Refused, News as ToldNews } from '../../card/news.ts'
import type { AccountKey } from '../../core/identity.ts'
import { outcomeOf } from '../../core/outcome.ts'
import { deviationOf } from '../../core/progress.ts'
import type { ActionRequest } from '../../core/request.ts'
import { peopleToTell } from '../executions/hearers.ts'
import { viewOf } from '../inspect.ts'
import type { Ports } from '../ports.ts'
import type { NewsJob } from './records.ts'

/** So many stand in one message; the others are counted, and listed by what the message points to. */
const mostItems = 8

/** So many of an agent's newest denials are looked at, of the last hour. */
const mostDenials = 200
const hourMs = 3_600_000

/**
 * What a message says of what is to be told; and the jobs that it takes the place of beside those, because a request was read after its jobs:
 * of each request everything up to the version that is shown.
 */
export async function itemsOf(
  ports: Ports,
  jobs: readonly NewsJob[],
  account: AccountKey,
): Promise<{ readonly news: ToldNews; readonly toldWith: readonly NewsJob[] }> {
  const ofRequests = jobs.flatMap((job) => ('request' in job.about ? [{ job, about: job.about }] : []))
  const ids = [...new Set(ofRequests.map(({ about }) => about.request))]
  const requests = await ports.store.requestsOf(ids)
  const toldWith = ofRequests.flatMap(({ job, about: { request, version } }) => {
    const shown = requests.find(({ id }) => id === request)?.version ?? version
    const upTo = Array.from({ length: Math.max(0, shown - version) }, (_, n) => version + n + 1)
    return upTo.map((one) => ({ ...job, about: { request, version: one } }))
  })
  const troubles = await Promise.all(jobs.map((job) => troubleItem(ports, job)))
  const own = troubles.flatMap((item) => item ?? [])
  const telling = gravestFirst(requests.filter(({ erased }) => !erased))
  const shown: NewsItem[] = []
  let more = 0
  for (const request of telling) {
    if (shown.length + own.length >= mostItems) more += 1
    else shown.push(...(await requestItem(ports, request, account)))
  }
  const now = ports.clock().getTime()
  return { news: { items: [...own, ...shown].slice(0, mostItems), more, now }, toldWith }
}

/** What went otherwise than wanted stands first, then the newest. */
function gravestFirst(requests: readonly ActionRequest[]): readonly ActionRequest[] {
  const rank = ({ state, executions }: ActionRequest) =>
    deviationOf(executions) ? 0 : state === 'approved' || state === 'succeeded' ? 2 : 1
  return [...requests].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? 1 : -1))
}

/** Of a deviation the agent's owner and those who approved are told by an alarm. */
async function requestItem(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<readonly NewsItem[]> {
  const view = await viewOf(ports, request)
  if (deviationOf(request.executions) && (await peopleToTell(ports, view)).includes(account)) return []
  return [{ about: 'request', view }]
}

async function troubleItem(ports: Ports, { about, since }: NewsJob): Promise<NewsItem | null> {
  if (!('agent' in about)) return null
  const { agent: id, trouble } = about
  const agent = await ports.store.agent(id)
  if (!agent) return null
  const { name } = agent
  if (trouble !== 'denied') return { about: 'agent', agent: name, trouble }
  const refused = await refusedOf(ports, id, new Date(Date.parse(since) - hourMs).toISOString())
  return refused.count === 0 ? null : { about: 'agent', agent: name, trouble, refused }
}

async function refusedOf({ store }: Ports, agent: string, since: string): Promise<Refused> {
  const denied = await store.requests({ agent, states: ['denied'], limit: mostDenials })
  const recent = denied.filter(({ verdict, createdAt }) => verdict.kind === 'deny' && createdAt >= since)
  const times = new Map<string, number>()
  for (const { action } of recent) times.set(action.action, (times.get(action.action) ?? 0) + 1)
  return {
    count: recent.length,
    isAll: recent.length < mostDenials,
    cooling: recent.filter((one) => outcomeOf(one) === 'cooling_down').length,
    actions: [...times].sort(([, a], [, b]) => b - a).map(([action, count]) => ({ action, count })),
  }
}
