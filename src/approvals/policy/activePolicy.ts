import type { Digest } from '../../core/digest.ts'
import { within } from '../../lifetime/limit.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { BundleProblem, Loaded } from '../../policy/load.ts'
import type { Health, StoreReader } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'
import { loadKept } from './keptBundle.ts'

/** The bundle that judges now, kept in memory and renewed whenever any replica activates another. */
export interface ActivePolicy {
  /** Null when no bundle was ever activated, or this version cannot load the active one: it judges by no older one then. */
  readonly current: () => Bundle | null
  /** Which files it is, for telling others; null when `current` is. */
  readonly files: () => Digest | null
  /** Milliseconds since the last look that succeeded began: for so long nothing newer is known. */
  readonly confirmedAgo: () => number
  /** Looks now, in a read that begins after the call. @throws when the store does not answer, or not in time */
  readonly renew: () => Promise<void>
  /** A start has activated what it has to: from now on it is a fault that there is none, and until now it is not. */
  readonly expectOne: () => void
  /** Calls back when another bundle judges from now on, or none. */
  readonly watch: (changed: () => void) => void
  /** Ends it: nothing is read, raised or taken over any more once it resolves. */
  readonly stop: () => Promise<void>
}

export interface FollowOptions {
  readonly store: Pick<StoreReader, 'activeFiles' | 'activePolicy' | 'watch'>
  readonly health: Health
  readonly log: Log
  /** How a version is loaded. */
  readonly load?: (version: PolicyVersion) => Loaded
  /** Milliseconds after which it looks by itself, told or not. */
  readonly everyMs?: number
  /** Milliseconds that one look may take. */
  readonly limitMs?: number
  /** Milliseconds that a look may take until a start has activated what it has to: it is in no hurry, and nothing is judged until then. */
  readonly firstLimitMs?: number
  /** Milliseconds without a look that succeeded after which this process is no longer sure. */
  readonly unsureAfterMs?: number
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number
}

/** What following needs of a log. */
interface Log {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const usual = {
  everyMs: 3_000,
  limitMs: 5_000,
  firstLimitMs: 60_000,
  unsureAfterMs: 10_000,
  load: (version: PolicyVersion) => loadKept(version),
  elapsed: () => performance.now(),
}

/**
 * Follows which bundle is active. It watches before it reads, so that nothing falls between the two; it reads one at a
 * time, so that an old answer never overtakes a new one; and it looks every few seconds, because being told is promised
 * by nobody. Whatever it misses all the same is found by the commit, which refuses a verdict by another bundle.
 *
 * @throws when the first read fails; nothing is left running
 */
export async function followPolicy(options: FollowOptions): Promise<ActivePolicy> {
  const { store, log, health, everyMs, unsureAfterMs, elapsed, load, ...limits } = { ...usual, ...options }
  const held = holding({ health, log, load })
  let ended = false
  let sureAt = elapsed()

  const look = oneAtATime(async () => {
    if (ended) return
    const began = elapsed()
    const limitMs = held.isExpected() ? limits.limitMs : limits.firstLimitMs
    const found = await within(limitMs, 'reading which policy is active', () => newest(store, held.known()))
    if (ended) return
    sureAt = began
    health.clear('policy_unconfirmed', 'read')
    if (found !== 'the same') held.take(found)
  })
  const lookCarefully = () =>
    look().catch((error: unknown) => {
      if (ended) return
      log.warn({ err: error }, 'could not read which policy is active; trying again')
      if (elapsed() - sureAt > unsureAfterMs)
        health.raise('policy_unconfirmed', 'The active policy could not be read for a while.', 'read')
    })
  const unwatch = store.watch('policy', () => void lookCarefully())
  let timer: NodeJS.Timeout | undefined
  const lookLater = () => {
    timer = setTimeout(() => void lookCarefully().then(() => ended || lookLater()), everyMs)
    timer.unref()
  }
  const stop = async () => {
    ended = true
    unwatch()
    clearTimeout(timer)
    await look().catch(() => undefined)
  }
  try {
    await look()
  } catch (error) {
    await stop()
    throw error
  }
  lookLater()
  const confirmedAgo = () => elapsed() - sureAt
  const { current, files, expectOne, watch } = held
  return { current, files, expectOne, confirmedAgo, watch, renew: look, stop }
}

/** The active version when it is another than the known one; null when there is none. */
async function newest(
  store: FollowOptions['store'],
  known: Digest | null | undefined,
): Promise<PolicyVersion | null | 'the same'> {
  if (known !== undefined && (await store.activeFiles()) === known) return 'the same'
  return store.activePolicy()
}

/** What is judged by, and what is wrong with it. */
function holding({ health, log, load }: Pick<Required<FollowOptions>, 'health' | 'log' | 'load'>) {
  let known: Digest | null | undefined // undefined: nothing was read yet
  let bundle: Bundle | null = null
  let isExpected = false
  const watchers = new Set<() => void>()

  const judgeBy = (version: PolicyVersion | null): void => {
    health.clear('no_policy')
    health.clear('policy_unloadable')
    bundle = null
    if (!version) return
    const loaded = loadCarefully(version, { load, log })
    if (loaded.ok) bundle = loaded.bundle
    else reportUnloadable(version, loaded.problems, { health, log })
  }
  const tellNone = (): void => {
    if (isExpected && known === null) health.raise('no_policy', 'None was ever activated.')
  }
  return {
    known: () => (known === null ? undefined : known),
    current: () => bundle,
    files: () => (bundle ? (known ?? null) : null),
    watch: (changed: () => void) => void watchers.add(changed),
    isExpected: () => isExpected,
    expectOne: () => {
      isExpected = true
      tellNone()
    },
    take(version: PolicyVersion | null) {
      const next = version?.filesDigest ?? null
      if (next !== known) {
        known = next
        judgeBy(version)
        for (const changed of watchers) changed()
      }
      tellNone()
    },
  }
}

/** Whatever a loader of this version throws at files that another version kept: they are unloadable, and that is told. */
function loadCarefully(
  version: PolicyVersion,
  { load, log }: Pick<Required<FollowOptions>, 'load' | 'log'>,
): Loaded {
  try {
    return load(version)
  } catch (error) {
    log.error({ err: error }, 'loading the active policy failed in a way that should not be possible')
    return { ok: false, problems: [] }
  }
}

/** The old bundle does not go on judging: a verdict by it would be one by another policy than the active one. */
function reportUnloadable(
  { name, digest }: PolicyVersion,
  problems: readonly BundleProblem[],
  { health, log }: { readonly health: Health; readonly log: Log },
): void {
  log.error(
    { policy: name, digest, problems },
    'this version cannot load the active policy; nothing is judged',
  )
  const [first] = problems
  const where = first ? ` (first of ${problems.length} problems: ${first.file}: ${first.message})` : ''
  const detail = `${name} is active, and this version of Countersign cannot load it${where}: run the version that activated it, or activate a policy that this one can load (countersign policy activate).`
  health.raise('policy_unloadable', detail)
}
