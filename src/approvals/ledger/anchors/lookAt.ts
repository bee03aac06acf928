import {
  type Anchored,
  anchoredIn,
  isOfEarlierName,
  type Standing,
  standingTo,
  type TreeHere,
} from '../../../ledger/anchored.ts'
import type { Resumption } from '../../../ledger/resumption.ts'
import type { Anchor, Reading } from './anchor.ts'
import type { AnchorStore, FoundElsewhere } from './anchorStore.ts'

/** What one look at an anchor found. */
export interface Looked {
  readonly standing: Standing
  /** The newest checkpoint there; null: none. */
  readonly anchored: Anchored | null
  readonly strange: string | null
}

/**
 * Holds the tree against the newest checkpoint of an anchor that can be read.
 *
 * @throws AnchorFault, AnchorDispute, StoreUnavailable
 */
export async function lookAt(
  { newest }: { readonly newest: NonNullable<Anchor['newest']> },
  store: Pick<AnchorStore, 'tree' | 'rootAt' | 'resumptions'>,
): Promise<Looked> {
  // The anchor first: what another replica seals and puts meanwhile is in the tree by the time that is read.
  const known = await store.tree()
  if (!known) return { standing: 'goes on', anchored: null, strange: null }
  const { anchored, strange } = await newest(known.here.first, async (text) => anchoredIn(text, known.here))
  if (!anchored) return { standing: 'goes on', anchored, strange }
  const here = (await store.tree())?.here ?? known.here
  return { standing: await standingOf(here, anchored, store), anchored, strange }
}

/** Holds the tree against a checkpoint that another replica found. Null when the ledger has not signed that. */
export async function lookAtSaid(
  { checkpoint: text }: FoundElsewhere,
  store: Pick<AnchorStore, 'tree' | 'rootAt' | 'resumptions'>,
): Promise<Looked | null> {
  const here = (await store.tree())?.here
  const anchored = here && anchoredIn(text, here)
  if (!here || !anchored) return null
  return { standing: await standingOf(here, anchored, store), anchored, strange: null }
}

async function standingOf(
  here: TreeHere,
  anchored: Anchored,
  store: Pick<AnchorStore, 'rootAt' | 'resumptions'>,
): Promise<Standing> {
  const { size } = anchored.checkpoint
  const root = size <= here.size ? await store.rootAt(size) : null
  const resumptions = isOfEarlierName(here, anchored) ? await store.resumptions() : []
  return standingTo(here, anchored, { root, resumptions })
}

/**
 * Holds the tree against some of the older checkpoints of an anchor, evenly from the newest to the oldest: a newer one that fits is no reason
 * to believe that those do which nobody can remove. The first that does not fit, or null.
 *
 * @throws AnchorFault, AnchorDispute, StoreUnavailable
 */
export async function lookAtOlder(
  { newest, most }: { readonly newest: NonNullable<Anchor['newest']>; readonly most: number },
  store: Pick<AnchorStore, 'tree' | 'rootAt' | 'resumptions'>,
): Promise<Looked | null> {
  const known = await store.tree()
  if (!known) return null
  const { here } = known
  let wrong: Looked | null = null
  let resumptions: readonly Resumption[] | null = null
  const reading: Reading = async (text) => {
    const anchored = anchoredIn(text, here)
    if (!anchored) return null
    const { size } = anchored.checkpoint
    const root = size <= here.size ? await store.rootAt(size) : null
    if (isOfEarlierName(here, anchored)) resumptions ??= await store.resumptions()
    const standing = standingTo(here, anchored, { root, resumptions: resumptions ?? [] })
    if (standing === 'another') wrong ??= { standing, anchored, strange: null }
    return 'another'
  }
  await newest(here.first, reading, { most })
  return wrong
}

/** Why a tree may not be gone on with, and what to do about it; null when it may. */
export function whyBehind(
  anchor: string,
  { standing, anchored }: Pick<Looked, 'standing' | 'anchored'>,
  here: Pick<TreeHere, 'origin' | 'size'>,
): string | null {
  if (!anchored || standing === 'goes on') return null
  const { origin, size } = anchored.checkpoint
  const there = `${anchor} has a checkpoint of ${origin} with ${size} entries`
  return standing === 'older'
    ? `the database is older than an anchor: ${there}, and here are ${here.size} of ${here.origin}`
    : `the database has another ledger than an anchor: ${there}, and the first ${size} entries here are not those`
}

/**
 * How many entries the tree certainly shares with what left the house: the size of the newest checkpoint of the anchor that it goes on
 * from; 0 where there is none.
 *
 * @throws AnchorFault, StoreUnavailable
 */
export async function sharedWith(
  { newest }: { readonly newest: NonNullable<Anchor['newest']> },
  store: Pick<AnchorStore, 'tree' | 'rootAt'>,
): Promise<number> {
  const known = await store.tree()
  if (!known) return 0
  const { here } = known
  const reading: Reading = async (text) => {
    const found = anchoredIn(text, here)
    if (!found) return null
    const { size, root } = found.checkpoint
    return size <= here.size && (await store.rootAt(size)).equals(root) ? found : 'another'
  }
  const { anchored } = await newest(here.first, reading, { upTo: here.size })
  return anchored?.checkpoint.size ?? 0
}
