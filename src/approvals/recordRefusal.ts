import { Refusal } from '../core/refusal.ts'
import { byPerson } from './byPerson.ts'
import type { PersonAttempt, Verb } from './personCommand.ts'
import type { Ports } from './ports.ts'

/**
 * Records an attempt that a channel refused before any verb could judge it, as the verbs record theirs. Resolves to false
 * when this delivery was recorded before.
 *
 * @throws Refusal `unknown_request`, `busy`
 */
export async function recordRefusal(
  ports: Ports,
  attempt: PersonAttempt,
  refused: { readonly verb: Verb; readonly refusal: Refusal },
): Promise<boolean> {
  const judge = async () => {
    throw refused.refusal
  }
  try {
    await byPerson(ports, attempt, { verb: refused.verb, judge })
    return false
  } catch (error) {
    if (error instanceof Refusal && error.code === refused.refusal.code) return true
    throw error
  }
}
