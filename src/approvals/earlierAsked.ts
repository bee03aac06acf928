import { earlierFrom, longestCompared, lookedBack, storedEarlier } from '../card/earlier.ts'
import type { ActionRequest } from '../core/request.ts'
import { knownNames } from './policy/knownNames.ts'
import type { Ports } from './ports.ts'
import type { FoundAsked } from './queries.ts'

/**
 * The requests of one submission, those that people are asked about with what the record says of what the same agent asked before. It is for people: no
 * rule goes by it, and no agent hears it. What is asked by the same commit is not among it. Where nobody is asked, nothing is read.
 */
export async function withEarlier(
  { store, policy }: Pick<Ports, 'store' | 'policy'>,
  requests: readonly ActionRequest[],
): Promise<readonly ActionRequest[]> {
  const asked = requests.filter(({ state }) => state === 'pending')
  if (asked.length === 0) return requests
  const found = await askedBefore(store, asked)
  const known = knownNames(policy())
  return requests.map((request) => {
    const { state, action, verdict } = request
    const earlier = state === 'pending' ? earlierFrom(request, found.get(action.action) ?? [], known) : null
    if (!earlier) return request
    return {
      ...request,
      verdict: { ...verdict, facts: { ...verdict.facts, earlier: storedEarlier(earlier) } },
    }
  })
}

/** By the name of the action, each looked for once. All of them are asked by one agent at one moment. */
async function askedBefore(
  store: Ports['store'],
  asked: readonly ActionRequest[],
): Promise<ReadonlyMap<string, readonly FoundAsked[]>> {
  const names = [...new Map(asked.map((one) => [one.action.action, one]))]
  const found = names.map(async ([action, { agent, createdAt }]) => {
    const since = new Date(Date.parse(createdAt) - lookedBack.days * 86_400_000).toISOString()
    const query = { agent: agent.id, since, action, longest: longestCompared, limit: lookedBack.requests }
    return [action, await store.askedBefore(query)] as const
  })
  return new Map(await Promise.all(found))
}
