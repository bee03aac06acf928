import type { CurrentRequest } from '../core/request.ts'
import { readOnce } from './oneLook.ts'
import type { OwnRequestQuery } from './ownRequests.ts'
import { withCurrentPeople } from './people/currentPeople.ts'
import type { ReadPorts } from './ports.ts'

/** A page of what an agent asked for, newest first, with today's people. `next` is where the next page begins, or null. */
export async function listToAgent(
  { store }: Pick<ReadPorts, 'store'>,
  query: OwnRequestQuery,
): Promise<{ readonly requests: readonly CurrentRequest[]; readonly next: string | null }> {
  const { requests, next } = await store.requestsOfAgent(query)
  const once = { store: { ...store, ...readOnce(store) } }
  return { requests: await Promise.all(requests.map((one) => withCurrentPeople(once, one))), next }
}
