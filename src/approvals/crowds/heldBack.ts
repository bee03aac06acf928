import type { AskingIn } from './records.ts'

/**
 * So many cards that still ask may come to one conversation within the time: more are nothing that people read one by one, and bury what
 * stands there. The others are held back, and one card stands for them.
 */
export const mostCards = 10
const withinMs = 600_000

/** Those that get no card of their own yet: all but the most urgent that there is room for. What was escalated is never held back. */
export function heldBack(asking: readonly AskingIn[], now: number): readonly AskingIn[] {
  const since = new Date(now - withinMs).toISOString()
  const lately = asking.filter(({ postedAt }) => postedAt !== null && postedAt > since).length
  const waiting = asking.filter(({ postedAt, escalated }) => postedAt === null && !escalated)
  return [...waiting].sort(byUrgency).slice(Math.max(0, mostCards - lately))
}

function byUrgency(one: AskingIn, other: AskingIn): number {
  if (one.expiresAt !== other.expiresAt) return one.expiresAt < other.expiresAt ? -1 : 1
  return one.id < other.id ? -1 : 1
}
