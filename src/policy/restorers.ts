import type { Source } from '../core/requirement.ts'
import type { Bundle } from './bundle.ts'

/**
 * Whom a bundle lets decide that the ledger goes on from a restored backup. Null where it names nobody, and with no bundle: any two full
 * members may, because without anybody a database that was lost could never be gone on with.
 */
export function restorersOf(bundle: Pick<Bundle, 'restorers' | 'people'> | null): readonly Source[] | null {
  if (bundle === null || bundle.restorers.length === 0) return null
  return bundle.restorers.flatMap((name) => bundle.people.get(name) ?? [])
}
