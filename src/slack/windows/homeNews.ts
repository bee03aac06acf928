import { settledAtOnce } from '../../approvals/change.ts'
import { isConcerned } from '../../approvals/concerned.ts'
import { delegationsTopic } from '../../approvals/delegations/remember.ts'
import { peopleIn } from '../../approvals/people/currentPeople.ts'
import { registryTopic } from '../../approvals/people/registry.ts'
import type { Ports } from '../../approvals/ports.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { SlackContext } from '../context.ts'
import { homePace, type KeptHome } from './publishHome.ts'

/** More changed requests than this are not looked at one by one. */
const mostChanged = 200

/** What was heard and not looked at yet. */
export interface News {
  readonly heard: (topic: string | null) => void
  /** Takes what there is: everything may have changed, or these requests; or others that nobody had to decide. */
  readonly take: () => {
    readonly all: boolean
    readonly requests: readonly string[]
    readonly settled: boolean
  }
  readonly giveBack: () => void
  readonly forget: () => void
}

export function createNews(): News {
  let all = false
  let settled = false
  let requests = new Set<string>()
  const heard = (topic: string | null) => {
    if (topic === settledAtOnce) settled = true
    else if (topic === null || ['policy', 'stops', delegationsTopic, registryTopic].includes(topic))
      all = true
    else if (topic.startsWith('req_')) requests.add(topic)
    if (requests.size <= mostChanged) return
    requests = new Set()
    all = true
  }
  const forget = () => {
    all = false
    settled = false
    requests = new Set()
  }
  return {
    heard,
    take() {
      const taken = { all, settled, requests: [...requests] }
      forget()
      return taken
    },
    giveBack: () => {
      all = true
    },
    forget,
  }
}

interface Looking {
  readonly slack: Pick<SlackContext, 'log'>
  /** Ports that remember accounts. */
  readonly steady: Ports
  readonly news: News
}

/** Whose Home may show something else now. Nobody is looked up for it. */
export async function concernedOf(
  { slack, steady, news }: Looking,
  homes: readonly KeptHome[],
): Promise<readonly KeptHome[]> {
  const { all, requests: ids, settled } = news.take()
  if (all) return homes
  try {
    const changed = ids.length > 0 ? await steady.store.requestsOf(ids) : []
    const asked = homes.filter(({ dirty }) => !dirty)
    const answers = await Promise.all(asked.map((home) => concerns(steady, changed, home)))
    const theirs = settled ? await settledFor(steady, homes) : []
    return [...asked.filter((_, nth) => answers[nth]), ...theirs]
  } catch (error) {
    slack.log.warn({ err: error }, 'whose Home changes could not be found out; all are made again')
    news.giveBack()
    return []
  }
}

async function concerns(
  ports: Ports,
  changed: readonly ActionRequest[],
  { account, people }: KeptHome,
): Promise<boolean> {
  if (!account) return true
  const onlooker = { account: account.found.key, people }
  for (const request of changed) if (await isConcerned(ports, request, onlooker)) return true
  return false
}

/** So many of the newest are looked at. */
const newest = 50

/** What nobody had to decide is told without its id: whose it was is found in the newest of all of them, by one question. */
async function settledFor({ store, clock }: Ports, homes: readonly KeptHome[]): Promise<readonly KeptHome[]> {
  const people = [...new Set(homes.flatMap((home) => [...home.people]))]
  if (people.length === 0) return []
  const since = new Date(clock().getTime() - 3 * homePace).toISOString()
  const found = (await store.requestsBehind(people, { limit: newest })).filter(
    ({ createdAt }) => createdAt >= since,
  )
  const behind = new Set(found.flatMap((request) => peopleIn(request)))
  return homes.filter((home) => [...home.people].some((person) => behind.has(person)))
}
