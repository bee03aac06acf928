import type { SeenAccounts } from '../../src/approvals/people/seenAccounts.ts'
import type { Tables } from './memoryTables.ts'

/** What the store in memory has of accounts as they were seen. */
export function seenInMemory({ seenAccounts, accounts }: Tables): SeenAccounts {
  return {
    seenAccount: async (key) => seenAccounts.get(key) ?? null,
    seenWith: async (address, but) =>
      [...seenAccounts.values()].filter((one) => one.address === address && one.id !== but).slice(0, 10),
    async noteSeen({ expected, next }) {
      if ((seenAccounts.get(next.id)?.version ?? null) !== expected) return false
      seenAccounts.set(next.id, next)
      return true
    },
    accountsAfter: async (after, limit) =>
      [...accounts.values()]
        .filter(({ id }) => id > (after ?? '') && !id.startsWith('person:'))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
  }
}
