import type { SeenAccounts } from '../../src/approvals/people/seenAccounts.ts'
import type { Tables } from './memoryTables.ts'

/** What the store in memory has of accounts as they were seen. */
export function seenInMemory({ seenAccounts, accounts }: Tables): SeenAccounts {
  return {
    seenAccount: async (key) => seenAccounts.get(key) ?? null,
    seenWith: async (address, but) =>
      [...seenAccounts.values()]
        .filter((one) => one.address === address && one.active && one.id !== but)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, 10),
    async noteSeen({ expected, next }) {
      if ((seenAccounts.get(next.id)?.version ?? null) !== expected) return false
      seenAccounts.set(next.id, next)
      return true
    },
    async accountsToLookAt(now, limit) {
      const unseen = [...accounts.keys()].filter((id) => !id.startsWith('person:') && !seenAccounts.has(id))
      const due = [...seenAccounts.values()].filter(({ dueAt }) => dueAt <= now.toISOString())
      const turn = ({ dueAt, id }: (typeof due)[number]) => `${dueAt} ${id}`
      due.sort((a, b) => (turn(a) < turn(b) ? -1 : 1))
      return [...unseen.sort(), ...due.map(({ id }) => id)].slice(0, limit)
    },
  }
}
