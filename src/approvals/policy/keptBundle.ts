import { type Loaded, loadBundle } from '../../policy/load.ts'
import type { PolicyVersion } from '../records.ts'

/**
 * Loads a version that was kept. It goes by the digest under which it was kept, also where this version of Countersign
 * would compute another one for the same files: the store compares by the kept one, and records of requests name it. `load` is for
 * whoever has loaded these files already.
 */
export function loadKept(
  { digest, files }: PolicyVersion,
  load: () => Loaded = () => loadBundle(new Map(Object.entries(files))),
): Loaded {
  const loaded = load()
  return loaded.ok ? { ...loaded, bundle: { ...loaded.bundle, digest } } : loaded
}
