import type { MentionReader } from '../../src/approvals/cards/mentionReader.ts'
import type { Change } from '../../src/approvals/change.ts'
import type { Tables } from './memoryTables.ts'

const dayMs = 86_400_000

/** What the store in memory knows of who was called. */
export function mentionReads(tables: Tables): MentionReader {
  return {
    called: async ({ accounts, agent, name, since }) =>
      accounts.map((account) => {
        const own = tables.mentions.filter((one) => one.account === account)
        const lately = own.filter(({ at }) => at > since)
        return {
          account,
          byAll: lately.length,
          byAgent: lately.filter((one) => one.agent === agent).length,
          already: own.some((one) => one.name === name),
        }
      }),
    askedOf: async (since, limit) => {
      const newest = [...tables.requests.values()].sort((one, other) => (one.id < other.id ? 1 : -1))
      return newest
        .slice(0, limit)
        .filter(({ expiresAt, createdAt }) => expiresAt !== null && createdAt > since)
    },
    mostCalled: async (since, limit) => {
      const times = new Map<string, number>()
      for (const { account, at } of tables.mentions)
        if (at > since) times.set(account, (times.get(account) ?? 0) + 1)
      return [...times]
        .map(([account, count]) => ({ account, times: count }))
        .sort((one, other) => other.times - one.times || (one.account < other.account ? -1 : 1))
        .slice(0, limit)
    },
  }
}

/** Somebody was called as often as they may be, and not by the same message. */
export function isCalledTooOften({ mentions: all }: Tables, { mentions = [] }: Change): boolean {
  return mentions.some(({ account, name, agent, at, atMost, ofAgentAtMost }) => {
    const own = all.filter((one) => one.account === account)
    if (own.some((one) => one.name === name)) return false
    const since = new Date(Date.parse(at) - dayMs).toISOString()
    const lately = own.filter((one) => one.at > since)
    const ofAgent = lately.filter((one) => one.agent === agent).length
    return lately.length >= (atMost ?? Infinity) || ofAgent >= (ofAgentAtMost ?? Infinity)
  })
}

export function noteCalled({ mentions: all }: Tables, { mentions = [] }: Change): void {
  for (const one of mentions)
    if (!all.some(({ account, name }) => account === one.account && name === one.name)) all.push(one)
}

export function forgetCalled({ mentions }: Tables, before: string): number {
  const kept = mentions.filter(({ at }) => at >= before)
  return mentions.splice(0, mentions.length, ...kept).length - kept.length
}
