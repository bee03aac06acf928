/** How often one bot may write into one conversation, and call at all: Microsoft's "Rate limiting for bots". */

interface Limit {
  readonly calls: number
  readonly ms: number
}

const perConversation: readonly Limit[] = [
  { calls: 7, ms: 1_000 },
  { calls: 8, ms: 2_000 },
  { calls: 60, ms: 30_000 },
  { calls: 1_800, ms: 3_600_000 },
]
const perApp: readonly Limit[] = [{ calls: 50, ms: 1_000 }]

export interface TeamsLimits {
  /** Seconds to wait before the next call to this conversation, or 0 when it may go on (and was counted). */
  wait(conversation: string): number
}

/** `now` is in milliseconds. */
export function createTeamsLimits(now: () => number): TeamsLimits {
  const calls = new Map<string, number[]>()
  return {
    wait(conversation) {
      const at = now()
      const mine = recent(calls.get(conversation) ?? [], perConversation, at)
      const all = recent(calls.get('') ?? [], perApp, at)
      const ms = Math.max(waitMs(mine, perConversation, at), waitMs(all, perApp, at))
      if (ms > 0) return Math.ceil(ms / 1_000)
      calls.set(conversation, [...mine, at])
      calls.set('', [...all, at])
      return 0
    },
  }
}

/** Never makes anybody wait: for measurements of the app itself. */
export const noTeamsLimits: TeamsLimits = { wait: () => 0 }

function recent(times: readonly number[], limits: readonly Limit[], at: number): number[] {
  const longest = Math.max(...limits.map(({ ms }) => ms))
  return times.filter((time) => at - time < longest)
}

/** How long until one more call stays below every limit. */
function waitMs(times: readonly number[], limits: readonly Limit[], at: number): number {
  const waits = limits.map(({ calls, ms }) => {
    const first = times.at(-calls)
    return first === undefined ? 0 : Math.max(0, first + ms - at)
  })
  return Math.max(0, ...waits)
}
