import {
  AnchorDispute,
  AnchorFault,
  type HowToLook,
  type Newest,
  type Reading,
} from '../approvals/ledger/anchors/anchor.ts'
import { evenlyIn, newestFirst, type Place, type Shelf } from './shelf.ts'

/** What stands at a place. `text` is null when it is no checkpoint by its form; `strange` says what is wrong about it all the same. */
export interface AtPlace {
  readonly text: string | null
  readonly strange: string | null
}

/** Milliseconds that are spent on looking for one that is ours among others; shorter than any call may take. */
const seekMs = 8_000

/** Folders that are listed at most where only what a ledger puts there stands, for each checkpoint that is looked for. */
const usualFolders = 50

/**
 * The newest that is looked for. What the ledger has not signed is passed over, and said: whoever can put something there must not be able
 * to hide what stands before it.
 *
 * @throws AnchorDispute when so much of it stands there that the time is over before one that is ours is found; AnchorFault when it is over
 *   because the place is slow
 */
export async function newestOf<P extends Place>(
  shelf: Shelf<P>,
  by: {
    readonly read: (place: P) => Promise<AtPlace>
    readonly reading: Reading
    readonly how?: HowToLook | undefined
  },
): Promise<Newest> {
  let strange: string | null = null
  const { limitMs = seekMs, most, upTo = Number.POSITIVE_INFINITY } = by.how ?? {}
  const until = performance.now() + limitMs
  const timely = inTime(shelf, { until, most: most ?? 1 })
  for await (const place of most === undefined ? newestFirst(timely, upTo) : evenlyIn(timely, most)) {
    const { text, strange: wrong } = await by.read(place)
    strange ??= wrong
    const anchored = text === null ? null : await by.reading(text)
    if (anchored && anchored !== 'another') return { anchored, strange }
    if (!anchored) strange ??= `${place.name} is no checkpoint that this ledger has signed`
    if (performance.now() < until) continue
    if (strange === null) throw new AnchorFault('there are more checkpoints than can be read in time')
    throw new AnchorDispute(
      `${strange}; and so much stands there that what is older could not be read in time`,
    )
  }
  return { anchored: null, strange }
}

/** Empty folders, too, could be so many that what stands behind them is never reached. */
function inTime<P extends Place>(
  { folders, checkpoints }: Shelf<P>,
  { until, most }: { readonly until: number; readonly most: number },
): Shelf<P> {
  let listed = 0
  const tick = (): void => {
    listed += 1
    if (performance.now() < until) return
    if (listed <= usualFolders * most) throw new AnchorFault('its folders could not be read in time')
    throw new AnchorDispute('so many folders stand there that what is in them could not be read in time')
  }
  return {
    folders: (at) => {
      tick()
      return folders(at)
    },
    checkpoints: (at) => {
      tick()
      return checkpoints(at)
    },
  }
}
