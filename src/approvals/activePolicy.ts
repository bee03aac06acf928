import type { Json } from '../core/json.ts'
import type { Bundle } from '../policy/bundle.ts'
import { type BundleProblem, loadBundle } from '../policy/load.ts'
import { writeLine } from './line.ts'
import type { Ports, Store } from './ports.ts'

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

/**
 * Makes a bundle the active one, if it is not already. Recorded with who and what changed.
 * `files` is the bundle as it was read, path to text.
 */
export async function activatePolicy(
  ports: Omit<Ports, 'policy'>,
  ask: {
    readonly bundle: Bundle
    readonly files: Readonly<Record<string, string>>
    readonly by: string
    readonly via: string
  },
): Promise<'activated' | 'unchanged'> {
  const before = await ports.store.activePolicy()
  if (before?.digest === ask.bundle.digest) return 'unchanged'
  const changed = changedFiles(before?.files ?? {}, ask.files)
  await ports.store.commit({
    policy: {
      version: { digest: ask.bundle.digest, name: ask.bundle.name, files: ask.files },
      activation: ports.ids.next('act'),
      at: ports.clock().toISOString(),
    },
    lines: [
      writeLine(
        { ...ports, policy: () => ask.bundle },
        {
          type: 'policy.activated',
          actor: { kind: 'system', id: ask.by, via: ask.via },
          subject: { kind: 'policy', id: ask.bundle.digest },
          data: { name: ask.bundle.name, before: before?.digest ?? null, files: changed },
        },
      ),
    ],
  })
  return 'activated'
}

function changedFiles(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Json {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const change = (path: string) => (!(path in before) ? 'added' : !(path in after) ? 'removed' : 'changed')
  return Object.fromEntries(
    paths.filter((path) => before[path] !== after[path]).map((path) => [path, change(path)]),
  )
}
