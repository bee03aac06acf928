import {
  AnchorDispute,
  type HowToLook,
  type Newest,
  type Reading,
} from '../approvals/ledger/anchors/anchor.ts'
import { sizeOf } from './layout.ts'

/** What stands at a place. `text` is null when it is no checkpoint by its form; `strange` says what is wrong about it all the same. */
export interface AtPlace {
  readonly text: string | null
  readonly strange: string | null
}

/** Milliseconds that are spent on looking for one that is ours among others; shorter than any call may take. */
const seekMs = 8_000

/**
 * The newest that is looked for, of places that come newest first. What the ledger has not signed is passed over, and said: whoever can
 * put something there must not be able to hide what stands before it.
 *
 * @throws AnchorDispute when so much of it stands there that the time is over before one that is ours is found
 */
export async function newestOf(
  places: AsyncIterable<string>,
  by: {
    readonly read: (place: string) => Promise<AtPlace>
    readonly reading: Reading
    readonly how?: HowToLook | undefined
  },
): Promise<Newest> {
  let strange: string | null = null
  const { limitMs = seekMs, most, upTo = Number.POSITIVE_INFINITY } = by.how ?? {}
  const until = performance.now() + limitMs
  for await (const place of most === undefined ? places : evenly(places, most)) {
    if (sizeOf(place) > upTo) continue
    const { text, strange: wrong } = await by.read(place)
    strange ??= wrong
    const anchored = text === null ? null : await by.reading(text)
    if (anchored && anchored !== 'another') return { anchored, strange }
    if (!anchored) strange ??= `${place} is no checkpoint that this ledger has signed`
    if (performance.now() < until) continue
    if (strange === null) throw new Error('there are more checkpoints than can be read in time')
    throw new AnchorDispute(
      `${strange}; and so much stands there that what is older could not be read in time`,
    )
  }
  return { anchored: null, strange }
}

/** The first, the last, and some between. */
async function* evenly(places: AsyncIterable<string>, most: number): AsyncGenerator<string> {
  const all: string[] = []
  for await (const place of places) all.push(place)
  const picked = Array.from({ length: most }, (_, nth) => Math.round((nth * (all.length - 1)) / (most - 1)))
  for (const index of new Set(picked)) {
    const place = all[index]
    if (place !== undefined) yield place
  }
}
