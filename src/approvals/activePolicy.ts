import type { Bundle } from '../policy/bundle.ts'
import { type BundleProblem, loadBundle } from '../policy/load.ts'
import type { Store } from './ports.ts'

/** The bundle that judges now, kept in memory and renewed whenever any replica activates another. */
export interface ActivePolicy {
  /** Null when no bundle was ever activated, or the active one cannot be read: then everything is denied. */
  readonly current: () => Bundle | null
  /** Looks at once, for whoever has just activated a bundle. */
  readonly renew: () => Promise<void>
  readonly stop: () => void
}

/** `report` hears of an active bundle that this version cannot load; the bundle in use then stays in use. */
export async function followPolicy(
  store: Store,
  report: (problems: readonly BundleProblem[]) => void,
): Promise<ActivePolicy> {
  let bundle: Bundle | null = null
  const renew = async () => {
    const version = await store.activePolicy()
    if (!version || version.digest === bundle?.digest) return
    const loaded = loadBundle(new Map(Object.entries(version.files)))
    if (loaded.ok) bundle = loaded.bundle
    else report(loaded.problems)
  }
  await renew()
  let renewing: Promise<void> = Promise.resolve()
  const stop = store.watch('policy', () => {
    renewing = renewing.then(renew).catch(() => report([]))
  })
  return { current: () => bundle, renew, stop }
}
