import { breakGlass } from '../../src/approvals/breakGlass.ts'
import type { BreakGlassAttempt } from '../../src/approvals/personCommand.ts'
import { attemptBy, type World } from '../support/world.ts'

/** A reason that the test bundle takes. */
export const reason = 'INC-4711 the status page is down'

/** One person breaks the glass, straight to the verb. */
export function smash(world: World, request: string, user: string, change: Partial<BreakGlassAttempt> = {}) {
  return breakGlass(world.ports, { ...attemptBy(request, user), reason, seen: 'facts', ...change })
}
