import { Refusal } from '../../core/refusal.ts'
import { DirectoryFault } from '../ports.ts'

/**
 * What is asked of the directory; a directory that cannot answer becomes the refusal that the caller tells: nobody knows
 * who the clicker is (`identity_unknown`), or what has to be known of others cannot be (`directory_unavailable`).
 *
 * @throws Refusal with that code
 */
export async function orRefuse<T>(
  code: 'identity_unknown' | 'directory_unavailable',
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (fault) {
    if (fault instanceof DirectoryFault) throw new Refusal(code, fault.message)
    throw fault
  }
}

/** The same; null where the directory cannot answer. */
export async function orUnknown<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (fault) {
    if (fault instanceof DirectoryFault) return null
    throw fault
  }
}
