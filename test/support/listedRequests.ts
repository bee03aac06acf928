import type { Store } from '../../src/approvals/ports.ts'
import type { RequestQuery } from '../../src/approvals/queries.ts'
import { nameInChain } from '../../src/core/chain.ts'
import type { PersonId } from '../../src/core/identity.ts'
import type { ActionRequest } from '../../src/core/request.ts'

type Lists = Pick<
  Store,
  | 'requests'
  | 'pastRequests'
  | 'revocable'
  | 'waiting'
  | 'requestsOf'
  | 'requestsOfAgent'
  | 'history'
  | 'requestsBehind'
  | 'asking'
>

/** The lists of a store in memory. `all` are its requests, in the order of their ids. */
export function listedRequests(all: () => readonly ActionRequest[]): Lists {
  const found = ({ states, agent, underReview, before, limit }: RequestQuery) =>
    all()
      .filter((one) => !states || states.includes(one.state))
      .filter((one) => agent === undefined || one.agent.id === agent)
      .filter((one) => !underReview || one.brokenGlass?.review === null)
      .filter((one) => before === undefined || one.id < before)
      .toReversed()
      .slice(0, limit)
  return {
    requests: async (query) => found(query),
    pastRequests: async function* (limit) {
      const done = ['executing', 'succeeded', 'failed', 'unreported']
      const undone = (id: string) =>
        all().some(({ rollsBack, state }) => rollsBack === id && done.includes(state))
      yield all()
        .slice(-limit)
        .map((one) => ({ ...one, rolledBack: undone(one.id) }))
    },
    revocable: async ({ limit, about, ...query }) =>
      found({ ...query, states: ['approved'], limit: all().length })
        .filter((one) => about === undefined || nameInChain(one, about) !== null)
        .filter(({ requirement, grant }) => requirement !== null || grant !== undefined)
        .slice(0, limit),
    waiting: async ({ limit, about, ...query }) =>
      found({ ...query, states: ['pending'], limit: all().length })
        .filter((one) => about === undefined || nameInChain(one, about) !== null)
        .slice(0, limit),
    // All at once: the real one looks through a thousand at a time.
    requestsOfAgent: async ({ action, limit, ...query }) => {
      const fitting = found({ ...query, limit: all().length }).filter(
        (one) => action === undefined || one.action.action === action,
      )
      const requests = fitting.slice(0, limit)
      return { requests, next: requests.length === limit ? (requests.at(-1)?.id ?? null) : null }
    },
    history: async ({ behind, action, since, limit, ...query }) => {
      const fitting = found({ ...query, limit: all().length })
        .filter(({ expiresAt, ...one }) => expiresAt !== null || isBehind(one, behind))
        .filter((one) => action === undefined || one.action.action === action)
        .filter(({ createdAt }) => since === undefined || createdAt >= since)
      const requests = fitting.slice(0, limit)
      return { requests, next: requests.length === limit ? (requests.at(-1)?.id ?? null) : null }
    },
    requestsOf: async (ids) => all().filter(({ id }) => ids.includes(id)),
    requestsBehind: async (people, { limit, before }) =>
      found({ limit: all().length, ...(before !== undefined && { before }) })
        .filter((one) => isBehind(one, people))
        .slice(0, limit),
    asking: async ({ waits, ...page }) =>
      found({
        ...page,
        ...(waits === 'review' ? { underReview: true } : { states: ['pending'] }),
      }).map(({ id, requirement, escalations, behind }) => ({
        id,
        requirement,
        escalations,
        behind: [...new Set(behind.map(({ person }) => person))],
      })),
  }
}

function isBehind({ behind }: Pick<ActionRequest, 'behind'>, people: readonly PersonId[]): boolean {
  return behind.some(({ person }) => people.includes(person))
}
