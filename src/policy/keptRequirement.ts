import type { Requirement } from '../core/requirement.ts'
import { joinRequirements } from './joinRequirements.ts'

/**
 * What is asked about an action that is less than the one that people were asked about: at least as much as about that one, and as policy asks
 * about it now. `now` is null where policy would not ask. Texts to type are made from the action, so those about the new one stand for as many of
 * the old one. A glass is broken only on a path that both have.
 */
export function keptRequirement(before: Requirement, now: Requirement | null): Requirement {
  if (!now) return before
  if (isSame(before, now)) return now
  const joined = joinRequirements(before, now)
  return {
    ...joined,
    confirm: now.confirm.length >= before.confirm.length ? now.confirm : joined.confirm,
    breakGlass: isSame(before.breakGlass, now.breakGlass) ? now.breakGlass : null,
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
