import type { Requirement } from '../core/requirement.ts'
import { joinRequirements } from './joinRequirements.ts'

/**
 * What is asked about an action that is less than the one that people were asked about: at least as much as about that one, and as policy asks
 * about it now. `now` is null where policy would not ask. Its times are those of `before`, unless policy gives less time by now. Texts to type are made from
 * the action, so those about the new one stand for as many of the old one. A glass is broken only on a path that both have.
 */
export function keptRequirement(before: Requirement, now: Requirement | null): Requirement {
  if (!now || (asksTheSame(before, now) && before.expiresInSeconds <= now.expiresInSeconds)) return before
  const joined = joinRequirements(before, now)
  return {
    ...joined,
    confirm: now.confirm.length >= before.confirm.length ? now.confirm : joined.confirm,
    breakGlass: isSame(before.breakGlass, now.breakGlass) ? now.breakGlass : null,
  }
}

/** Whether both ask the same of the same people, whatever time they give. */
export function asksTheSame(one: Requirement, other: Requirement): boolean {
  return isSame(untimed(one), untimed(other))
}

function untimed({ expiresInSeconds: _, notify, escalate, ...asks }: Requirement) {
  const { channels } = notify
  // Whoever somebody could not wait for comes sooner than policy says.
  return { ...asks, channels, escalate: escalate.map(({ to, legs }) => JSON.stringify([to, legs])).sort() }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
