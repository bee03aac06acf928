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

/** What agents have asked people about, of a store in memory. */
export function askedInMemory(all: () => readonly ActionRequest[]): Pick<Store, 'askedBefore'> {
  return {
    askedBefore: async ({ agent, since, action, longest, limit }) =>
      all()
        .filter((one) => one.agent.id === agent && one.expiresAt !== null && one.createdAt >= since)
        .sort((one, other) => (one.createdAt + one.id < other.createdAt + other.id ? 1 : -1))
        .slice(0, limit)
        .map((one) => ({
          id: one.id,
          state: one.state,
          digest: one.digest,
          action:
            one.action.action === action && JSON.stringify(one.action).length <= longest ? one.action : null,
          isEmergency: one.brokenGlass !== null,
          isLiftable: one.requirement?.legs.length === 0,
          hasDeviated: (one.executions ?? []).some(({ deviations }) => deviations.length > 0),
          isErased: one.erased !== undefined,
          createdAt: one.createdAt,
          settledAt: one.settledAt,
        })),
  }
}
