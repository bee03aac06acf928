import { policyActivation } from '../../core/action.ts'
import { type Recorded, recordedOf } from '../../policyTools/simulation/recorded.ts'
import type { StoreReader } from '../ports.ts'

const page = 500

/**
 * The newest requests, oldest first, to ask another policy about. Changes of the policy itself are left out, and so
 * are, counted, those whose facts have a form that this version does not know, or were erased.
 */
export async function recordedRequests(
  store: Pick<StoreReader, 'requests'>,
  limit: number,
): Promise<{ readonly recorded: readonly Recorded[]; readonly unreadable: number }> {
  const recorded: Recorded[] = []
  let unreadable = 0
  let before: string | undefined
  while (recorded.length < limit) {
    const requests = await store.requests({ limit: page, ...(before !== undefined && { before }) })
    for (const request of requests.filter(({ action }) => action.action !== policyActivation)) {
      const one = request.erased ? null : recordedOf(request)
      if (one && recorded.length < limit) recorded.push(one)
      else if (!one) unreadable += 1
    }
    before = requests.at(-1)?.id
    if (requests.length < page || before === undefined) break
  }
  return { recorded: recorded.reverse(), unreadable }
}
