import type { AskingIn } from './records.ts'

/**
 * So many cards that still ask may come to one conversation within the time: more are nothing that people read one by one, and bury what
 * stands there. The others are held back, and one card stands for them.
 */
export const mostCards = 10
const withinMs = 600_000

/**
 * Those that get no card of their own yet: all but the most urgent that there is room for. What was escalated is never held back. Agents take
 * turns, and one that has no card there yet has room beside the others, for as many cards again: whoever floods a conversation takes nobody else's place.
 */
export function heldBack(asking: readonly AskingIn[], now: number): readonly AskingIn[] {
  const since = new Date(now - withinMs).toISOString()
  const lately = asking.filter(({ postedAt }) => postedAt !== null && postedAt > since)
  const waiting = asking.filter(({ postedAt, escalated }) => postedAt === null && !escalated).sort(byUrgency)
  const times = new Map<string, number>()
  const nth = ({ agent }: AskingIn) => {
    const before = times.get(agent) ?? 0
    times.set(agent, before + 1)
    return before
  }
  for (const one of lately) nth(one)
  const inTurn = waiting
    .map((one) => ({ one, turn: nth(one) }))
    .sort((one, other) => one.turn - other.turn || byUrgency(one.one, other.one))
  const room = Math.max(0, mostCards - lately.length)
  const more = Math.max(0, 2 * mostCards - lately.length)
  const free = new Set(
    inTurn.filter(({ turn }, at) => at < room || (turn === 0 && at < more)).map(({ one }) => one),
  )
  return waiting.filter((one) => !free.has(one))
}

function byUrgency(one: AskingIn, other: AskingIn): number {
  if (one.expiresAt !== other.expiresAt) return one.expiresAt < other.expiresAt ? -1 : 1
  return one.id < other.id ? -1 : 1
}
