import type { AgeClock } from '../../lifetime/ageClock.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { Clock, StoreReader } from '../ports.ts'
import { type Sealer, SealFault } from '../sealer.ts'
import { StoreUnavailable } from '../storeUnavailable.ts'
import { isPublished } from './keyTimes.ts'
import { type OpenKey, openKey } from './openKey.ts'
import type { SigningKey } from './records.ts'

/** A key that this process has opened, and how it stood when it was last looked at. */
export interface KnownKey extends OpenKey, Pick<SigningKey, 'status' | 'version'> {
  /** When it got that status, in milliseconds since 1970. */
  readonly since: number
}

/** The signing keys as this process knows them. */
export interface KnownKeys {
  /**
   * The published key that fits. Where none does, or what is known is old, it looks in the database first.
   *
   * @throws StoreUnavailable
   */
  find(fits: (key: KnownKey) => boolean): Promise<KnownKey | null>
  /** All that verifiers get, oldest first. @throws StoreUnavailable when they could not be read for five minutes */
  published(): Promise<readonly KnownKey[]>
  /** Looks now. @throws StoreUnavailable */
  look(): Promise<Looked>
  /** What is known no longer counts: whoever needs a key looks. */
  forget(): void
}

/** What one look has found. */
export interface Looked {
  readonly keys: readonly KnownKey[]
  /** Those that this process cannot open, and why. */
  readonly unopened: readonly UnopenedKey[]
}

interface UnopenedKey extends Pick<SigningKey, 'status'> {
  readonly kid: string
  readonly fault: SealFault
}

export interface KnownKeysOptions {
  readonly store: Pick<StoreReader, 'signingKeys' | 'watch'>
  readonly sealer: Pick<Sealer, 'open'>
  readonly clock: Clock
  readonly ages: Pick<AgeClock, 'now' | 'onJump'>
  /** Hears of each look. */
  readonly looked?: (found: Looked) => void
}

/** What any commit tells that changes a signing key. */
const topic = 'signing-keys'

/**
 * Milliseconds for which what was read counts, told or not: being told is promised by nobody. What takes effect does not depend on it:
 * its commit names the version of the key.
 */
const freshMs = 5_000
/** Verifiers keep what we publish for as long as that (`Cache-Control`), so this is no older than what they have. */
const publishableMs = 300_000

interface Known extends Looked {
  readonly keys: readonly (KnownKey & { readonly row: SigningKey })[]
  /** By the age clock. */
  readonly readAt: number
}

type Opened = Map<string, OpenKey & { readonly sealed: string }>

/** Reads when somebody needs a key, so that nothing runs while nobody does; opens each key once. */
export function knownKeys({ store, sealer, clock, ages, looked }: KnownKeysOptions): KnownKeys {
  const opened: Opened = new Map()
  let known: Known | null = null
  let isOld = true
  const grow = () => {
    isOld = true
  }
  store.watch(topic, grow)
  ages.onJump(grow)

  const look = oneAtATime(async () => {
    isOld = false // whoever is told from here on is told of something that this read may miss
    const readAt = ages.now()
    try {
      const found = await readKeys({ store, sealer, opened })
      known = { ...found, readAt }
      looked?.(found)
    } catch (fault) {
      isOld = true
      throw fault
    }
  })
  const fresh = () => known !== null && !isOld && ages.now() - known.readAt <= freshMs
  const standing = () => (known?.keys ?? []).filter(({ row }) => isPublished(row, clock()))
  return {
    async find(fits) {
      const wasFresh = fresh()
      if (!wasFresh) await look()
      const found = standing().find(fits)
      if (found || !wasFresh) return found ?? null
      await look()
      return standing().find(fits) ?? null
    },
    async published() {
      if (!fresh())
        await look().catch((fault: unknown) => {
          const isRecent = known !== null && ages.now() - known.readAt <= publishableMs
          if (!(fault instanceof StoreUnavailable && isRecent)) throw fault
        })
      return standing()
    },
    async look() {
      await look()
      return known ?? { keys: [], unopened: [] }
    },
    forget: grow,
  }
}

/** A key that does not open is a fault of its own: the others still work. */
async function readKeys({
  store,
  sealer,
  opened,
}: Pick<KnownKeysOptions, 'store' | 'sealer'> & {
  readonly opened: Opened
}): Promise<Omit<Known, 'readAt'>> {
  const keys: Known['keys'][number][] = []
  const unopened: UnopenedKey[] = []
  for (const row of await store.signingKeys()) {
    const { id, sealed, status, version } = row
    if (sealed === null) continue
    try {
      const before = opened.get(id)
      const open = before?.sealed === sealed ? before : { ...(await openKey({ id, sealed }, sealer)), sealed }
      opened.set(id, open)
      keys.push({ ...open, status, version, since: Date.parse(row.since), row })
    } catch (fault) {
      if (!(fault instanceof SealFault)) throw fault
      unopened.push({ kid: id, status, fault })
    }
  }
  for (const id of opened.keys()) if (!keys.some(({ kid }) => kid === id)) opened.delete(id)
  return { keys, unopened }
}
