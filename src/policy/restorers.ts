import type { Source } from '../core/requirement.ts'
import type { Bundle } from './bundle.ts'
import { type Directory, nameFaults } from './demand.ts'
import type { RestorersShape } from './format/restorersSchema.ts'
import type { Fault } from './problem.ts'

/** Names that lead nowhere. */
export function restorerNames(shape: RestorersShape | undefined, directory: Directory): readonly Fault[] {
  return (shape ?? []).flatMap((name, index) => nameFaults(name, directory, ['restorers', index]))
}

/**
 * Whom a bundle lets decide that the ledger goes on from a restored backup. Null where it names nobody, and with no bundle: any two full
 * members may, because without anybody a database that was lost could never be gone on with.
 */
export function restorersOf(bundle: Pick<Bundle, 'restorers' | 'people'> | null): readonly Source[] | null {
  if (bundle === null || bundle.restorers.length === 0) return null
  return bundle.restorers.flatMap((name) => bundle.people.get(name) ?? [])
}
