import type { Store } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'

const neverRead = ['pending', 'denied', 'expired', 'cancelled']

/** What agents have read, of a store in memory. `all` are its requests, in the order of their ids. */
export function readsInMemory(
  all: () => readonly ActionRequest[],
): Pick<Store, 'earlierReads' | 'hadSession'> {
  return {
    earlierReads: async ({ agent, limit }) =>
      all()
        .filter((one) => one.agent.id === agent && one.effect === 'read' && !neverRead.includes(one.state))
        .sort((one, other) => ((one.settledAt ?? '') < (other.settledAt ?? '') ? 1 : -1))
        .slice(0, limit),
    hadSession: async ({ agent, session, by }) =>
      all().some((one) => one.agent.id === agent && one.run?.session === session && one.createdAt <= by),
  }
}
