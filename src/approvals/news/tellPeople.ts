import { administrative } from '../../core/action.ts'
import type { PersonId } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Entry, EntryType } from '../../ledger/entry.ts'
import type { Change, Put } from '../change.ts'
import type { Job } from '../job.ts'
import type { Ports, Store } from '../ports.ts'
import { createGathering } from './gathering.ts'
import type { Trouble } from './records.ts'
import { troubleJob } from './trouble.ts'

/**
 * The store, where each change that ends a request of somebody, or says what became of it, also holds the job that tells them; and each
 * that says that an agent is in trouble the one that tells its owner. So nothing goes untold, whoever decided it, and no verb has to think
 * of it. What policy settles at once is told to nobody by itself: its agent has the answer in hand, and people would be told of everything.
 */
export function tellPeople(store: Store, { clock }: Pick<Ports, 'clock'>): Store {
  const gathering = createGathering()
  return {
    ...store,
    async commit(change) {
      const now = clock()
      const troubles = troublesIn(change).map(({ agent, trouble }) => troubleJob(agent, trouble, now))
      const told = await newsIn(change, store)
      const news = told.map(
        ({ person, request: { id: request, version } }): Job => ({
          task: 'news',
          person,
          about: { request, version },
          since: now.toISOString(),
          at: gathering.atFor(person, now),
        }),
      )
      if (news.length + troubles.length === 0) return store.commit(change)
      return store.commit({ ...change, jobs: [...(change.jobs ?? []), ...troubles, ...news] })
    },
  }
}

interface Told {
  readonly person: PersonId
  readonly request: ActionRequest
}

async function newsIn(change: Change, store: Pick<Store, 'request'>): Promise<readonly Told[]> {
  const puts = [...(change.request ? [change.request] : []), ...(change.members ?? [])]
  const told: Told[] = []
  for (const { entry } of change.entries) {
    const put = puts.find(({ next }) => next.id === entry.request)
    if (!put || !isNews(entry, put)) continue
    const { next: request } = put
    for (const person of new Set([request.initiator.person, ...(await undoneFor(entry, request, store))]))
      told.push({ person, request })
  }
  return told
}

/** Those who are told of it at all: how the asking ended, and what became of it. */
const kinds: Readonly<Partial<Record<EntryType, 'end' | 'report'>>> = {
  'request.approved': 'end',
  'request.denied': 'end',
  'request.expired': 'end',
  'request.cancelled': 'end',
  'request.revoked': 'end',
  'request.lapsed': 'end',
  'request.unreported': 'report',
  'execution.reported': 'report',
  'execution.deviated': 'report',
}

function isNews(entry: Entry, { expected, next }: Put<ActionRequest>): boolean {
  const kind = kinds[entry.type]
  if (!kind || expected === null) return false
  // What was not done as approved, or not approved at all, is told also where nobody was asked.
  if (entry.type === 'execution.deviated') return true
  if (next.requirement === null) return false
  if (entry.type === 'execution.reported' && typeof entry.data.moved_to !== 'string') return false
  // What was declared with an action goes the way of it.
  if (kind === 'end' && next.rollsBack !== undefined && next.set) return false
  // An agent that works for nobody but its owner wakes them only by what needs them.
  return next.initiator.claim !== 'agent_owner' || !isAsWanted(entry)
}

function isAsWanted({ type, data }: Entry): boolean {
  return type === 'request.approved' || (type === 'execution.reported' && data.moved_to === 'succeeded')
}

/** Whoever had asked for what has been undone now. */
async function undoneFor(
  { type, data }: Entry,
  { rollsBack }: ActionRequest,
  store: Pick<Store, 'request'>,
): Promise<readonly PersonId[]> {
  if (rollsBack === undefined || type !== 'execution.reported' || data.moved_to !== 'succeeded') return []
  const first = await store.request(rollsBack)
  return first ? [first.initiator.person] : []
}

interface InTrouble {
  readonly agent: string
  readonly trouble: Trouble
}

function troublesIn({ entries, request, members = [] }: Change): readonly InTrouble[] {
  const made = [...(request ? [request] : []), ...members].filter(({ expected }) => expected === null)
  return entries.flatMap(({ entry: { type, subject, request: about } }): readonly InTrouble[] => {
    if (type === 'agent.limited') return [{ agent: subject.id, trouble: 'pending' }]
    const next = made.find((one) => one.next.id === about)?.next
    if (type !== 'request.denied' || !next || administrative.includes(next.action.action)) return []
    return [{ agent: next.agent.id, trouble: 'denied' }]
  })
}
