import { policyActivation } from '../../core/action.ts'
import { answerOf } from '../../policyTools/simulation/answer.ts'
import { type Recorded, recordedOf } from '../../policyTools/simulation/recorded.ts'
import { currentPeople } from '../people/currentPeople.ts'
import type { StoreReader } from '../ports.ts'
import type { PastRequest } from '../queries.ts'

/** A page of requests of the past, and how many of them are left out because of what is said of them. */
export interface RecordedPage {
  readonly recorded: readonly Recorded[]
  /** Their facts have a form that this version does not know. */
  readonly unreadable: number
  readonly erased: number
}

/**
 * The newest requests as of now, oldest first, a page at a time, to ask another policy about. Changes of the policy itself are
 * left out, and so are, counted, those whose facts have a form that this version does not know, or were erased.
 */
export async function* recordedRequests(
  store: StoreReader,
  limit: number,
): AsyncGenerator<RecordedPage, void, undefined> {
  for await (const page of store.pastRequests(limit)) yield await pageOf(store, page)
}

async function pageOf(store: StoreReader, page: readonly PastRequest[]): Promise<RecordedPage> {
  const requests = page.filter(({ action, erased }) => action.action !== policyActivation && !erased)
  const deciders = requests.flatMap(({ decisions }) => decisions.map(({ person }) => person))
  const today = await currentPeople({ store }, deciders)
  const recorded = requests.flatMap((request): readonly Recorded[] => {
    const one = recordedOf(request)
    return one ? [{ ...one, answer: answerOf(request, today) }] : []
  })
  const unreadable = requests.length - recorded.length
  return { recorded, unreadable, erased: page.filter(({ erased }) => erased).length }
}
