import { type Loaded, loadBundle } from '../../policy/load.ts'
import type { PolicyVersion } from '../records.ts'

/**
 * Loads a version that was kept. It goes by the digest under which it was kept, also where this version of Countersign
 * would compute another one for the same files: the store compares by the kept one, and records of requests name it.
 */
export function loadKept({ digest, files }: PolicyVersion): Loaded {
  const loaded = loadBundle(new Map(Object.entries(files)))
  return loaded.ok ? { ...loaded, bundle: { ...loaded.bundle, digest } } : loaded
}
