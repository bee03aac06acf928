import { Refusal } from '../core/refusal.ts'
import type { Change, Committed } from './change.ts'
import { renewed } from './policy/renewed.ts'
import type { Ports } from './ports.ts'

/** What the newest records lead to: a change, or null where nothing has to be written; and what is told once it is committed. */
export interface Attempt<T> {
  readonly change: Change | null
  readonly answer: T | Refusal
}

/** How often it is judged again when a race was lost. Each loss means that somebody else got through. */
const triesWhenBeaten = 12

/**
 * Judges by what is true now and commits, and judges again when the commit found that something is no longer so. `attempt` hears why
 * the last one was not applied; by then the policy is the active one, and stops and signing keys are read anew. A refusal that is told is told when its
 * record is committed.
 *
 * @throws Refusal `not_ready` when the active policy is not one that this process can judge by, `busy`, and what `attempt` throws
 */
export async function untilApplied<T>(
  ports: Pick<Ports, 'store' | 'stops' | 'signer' | 'renewPolicy'>,
  what: string,
  attempt: (last: Committed | null) => Promise<Attempt<T>>,
): Promise<T> {
  let last: Committed | null = null
  for (let tries = 0; tries < triesWhenBeaten; tries += 1) {
    if (last === 'outdated') await renewed(ports)
    if (last === 'conflict') {
      ports.stops.forget()
      ports.signer.forget()
    }
    const { change, answer } = await attempt(last)
    if (change) last = await ports.store.commit(change)
    if (change && last !== 'applied') continue
    if (answer instanceof Refusal) throw answer
    return answer
  }
  if (last === 'outdated')
    throw new Refusal('not_ready', 'the active policy is not the one that this process can judge by')
  throw new Refusal('busy', `${what} lost too many races`)
}
