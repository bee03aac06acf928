import { Refusal } from '../../core/refusal.ts'
import type { Ports } from '../ports.ts'
import { StoreUnavailable } from '../storeUnavailable.ts'

/**
 * Looks which policy is active, after a commit was `outdated`. Never a verdict by the old bundle: who cannot learn which one
 * is active does not judge.
 *
 * @throws Refusal `not_ready`, StoreUnavailable
 */
export async function renewed(ports: Pick<Ports, 'renewPolicy'>): Promise<void> {
  try {
    await ports.renewPolicy()
  } catch (fault) {
    if (fault instanceof Refusal || fault instanceof StoreUnavailable) throw fault
    const why = fault instanceof Error ? fault.message : 'no answer'
    throw new Refusal('not_ready', `the active policy could not be read: ${why}`)
  }
}
