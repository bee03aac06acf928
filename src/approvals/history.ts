import type { Account, PersonId } from '../core/identity.ts'
import type { State } from '../core/lifecycle.ts'
import type { ActionRequest } from '../core/request.ts'
import { mayReadStory } from './inspect.ts'
import { ownIdsOf } from './lists.ts'
import { formerIdsIn, peopleIn } from './people/currentPeople.ts'
import type { Ports } from './ports.ts'

/** What of a history is wanted; everything, where nothing is said. */
export interface HistoryFilter {
  /** The id or the name of an agent. */
  readonly agent?: string
  readonly action?: string
  /** Somebody who is behind it or has done something with it, whoever they count as one with. */
  readonly person?: Account
  readonly states?: readonly State[]
  /** RFC 3339: nothing that was asked before. */
  readonly since?: string
}

/** A page of a history. `next` is where the next one begins, null at the end: a page may be short or empty although there are more. */
export interface HistoryPage {
  readonly requests: readonly ActionRequest[]
  readonly next: string | null
}

/** Of those that are found by the filter so many are judged at a time, and so often for one page. */
const judging = { size: 100, times: 4 } as const

/**
 * Requests that this account may read, as `story` judges it, newest first. Only so many are looked through for one page, so that a
 * flood of what is nobody's to read costs no more than that (threats: flood).
 */
export async function historyFor(
  ports: Ports,
  account: Account,
  wanted: HistoryFilter & { readonly most: number; readonly before?: string },
): Promise<HistoryPage> {
  const { most, before, agent: named, person, ...rest } = wanted
  const agent = named === undefined ? undefined : (await ports.store.agent(named))?.id
  if (named !== undefined && agent === undefined) return { requests: [], next: null }
  const behind = await ownIdsOf(ports, account)
  const people = person ? await idsOf(ports, person) : null
  const readable: ActionRequest[] = []
  let next: string | null = before ?? null
  for (let times = 0; times < judging.times && readable.length <= most; times += 1) {
    const page = await ports.store.history({
      ...rest,
      behind,
      limit: judging.size,
      ...(agent !== undefined && { agent }),
      ...(next !== null && { before: next }),
    })
    const fitting = page.requests.filter((one) => !people || peopleIn(one).some((id) => people.has(id)))
    readable.push(...(await readableOf(ports, account, fitting)))
    next = page.next
    if (next === null) break
  }
  if (readable.length <= most) return { requests: readable, next }
  const requests = readable.slice(0, most)
  return { requests, next: requests.at(-1)?.id ?? null }
}

async function readableOf(
  ports: Ports,
  account: Account,
  requests: readonly ActionRequest[],
): Promise<readonly ActionRequest[]> {
  if (requests.length === 0) return []
  const alarms = await ports.store.attemptAlarms(requests.map(({ id }) => id))
  const answers = await Promise.all(
    requests.map((request) => {
      const entries = alarms.filter((entry) => entry.request === request.id)
      return mayReadStory(ports, { request, entries }, account)
    }),
  )
  return requests.filter((_, nth) => answers[nth])
}

/** Every id under which somebody is one person now. Nobody, when nothing was ever done with that account. */
async function idsOf(ports: Ports, { key }: Account): Promise<ReadonlySet<PersonId>> {
  const link = await ports.store.account(key)
  if (!link) return new Set()
  const links = await ports.store.accountsOf(link.person)
  return new Set([link.person, ...formerIdsIn(links)])
}
