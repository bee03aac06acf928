import { type Anchored, anchoredIn, type TreeHere } from '../../../ledger/anchored.ts'
import { createBell } from '../../bell.ts'
import { type Anchor, AnchorDispute } from './anchor.ts'
import type { AnchorStore, FoundElsewhere, KeptTree, RecordedAnchored } from './anchorStore.ts'
import { type Looked, lookAt, whyBehind } from './lookAt.ts'

/** Seconds that a replica has an anchor for itself; longer than any try takes. Whoever dies with a turn keeps it until then. */
const turnSeconds = 45

/** At the end, a turn that another has is asked for again so often, every so many milliseconds: theirs may be for an older checkpoint. */
const lastTries = { most: 20, everyMs: 200 } as const

export interface Visit {
  readonly store: AnchorStore
  readonly when: 'now' | 'last'
  /** The ledger that this process signs: another in its place is not brought anywhere. */
  readonly ours: Pick<TreeHere, 'first' | 'publicKey'>
  readonly behind: (why: string, found: FoundElsewhere) => void
}

/** How a visit ended. */
export interface Visited {
  /** What is strange there; null: nothing. */
  readonly strange: string | null
  /** The newest that the ledger has, and that the anchor has. */
  readonly head: Anchored
  readonly has: Anchored | null
  /** Something was to be put, and another has the turn: whether they put it is not known yet. */
  readonly isOwed: boolean
}

/** Looks at what an anchor has, and puts what it has not. Null when there is nothing to compare, or nothing may be put any more. */
export async function visit(anchor: Anchor, { store, when, ours, behind }: Visit): Promise<Visited | null> {
  const { name, newest } = anchor
  // Before the anchor: what another replica puts meanwhile must not look lost.
  const before = (await store.newest()).get(name) ?? null
  const looked = newest ? await lookAt({ newest }, store) : null
  const found = await store.tree()
  if (!found) return null
  const head = signedHere(found, ours)
  const why = looked && whyBehind(name, looked, found.here)
  if (why && looked?.anchored) {
    behind(why, { anchor: name, checkpoint: looked.anchored.text })
    return null
  }
  if (looked && before) refuseLost(before, looked, ours)
  const strange = looked?.strange ?? null
  const due = { anchor, looked, before: before && anchoredIn(before.checkpoint, ours), when, ours }
  const last = await lastOf(anchor, store)
  const has = looked ? looked.anchored : last && anchoredIn(last.checkpoint, ours)
  const put = isDue(head, last, due) ? await putInTurn(store, due) : null
  if (put === 'not our turn') return { strange, head, has, isOwed: true }
  return { strange, head: put ?? head, has: put ?? has, isOwed: false }
}

type Last = RecordedAnchored & { readonly agoSeconds: number }

async function lastOf({ name }: Anchor, store: AnchorStore): Promise<Last | null> {
  return (await store.newest()).get(name) ?? null
}

/** What is not signed with our key is not ours to put: somebody has changed what is kept of the ledger. @throws AnchorDispute */
function signedHere({ here, checkpoint, strangers }: KeptTree, ours: Visit['ours']): Anchored {
  const next = anchoredIn(checkpoint, ours)
  if (next && strangers.length === 0 && here.first === ours.first && here.publicKey.equals(ours.publicKey))
    return next
  throw new AnchorDispute(
    strangers.length === 0
      ? 'the newest checkpoint in the database is not signed with the key and the name of this ledger'
      : `ledger_keys has a key of ${strangers[0]}, which is no name of this ledger`,
  )
}

/**
 * An anchor that has less than it took has lost it, or another stands in its place: a checkpoint that was put there now would hide that.
 * What the database says that it took counts only when the ledger has signed it.
 *
 * @throws AnchorDispute
 */
function refuseLost(
  { checkpoint, at }: RecordedAnchored,
  { anchored }: Pick<Looked, 'anchored'>,
  ours: Visit['ours'],
): void {
  const took = anchoredIn(checkpoint, ours)
  if (!took) return
  const has = anchored ? anchored.checkpoint.size : 0
  const generation = anchored ? anchored.generation : 0
  if (generation > took.generation || (generation === took.generation && has >= took.checkpoint.size)) return
  throw new AnchorDispute(
    `it took ${took.checkpoint.size} entries of ${took.checkpoint.origin} at ${at}, and has ${anchored ? `${has} of ${anchored.checkpoint.origin}` : 'nothing of this ledger'}: what it had is gone, or another place stands where it was`,
  )
}

interface Due {
  readonly anchor: Anchor
  /** Null where it cannot be read. */
  readonly looked: Looked | null
  /** What the database said that it has, before that. */
  readonly before: Anchored | null
  readonly when: Visit['when']
  readonly ours: Visit['ours']
}

/** What the database says that an anchor took counts only as far as it is what was just read there. */
function isDue(next: Anchored, last: Last | null, { anchor, looked, before, when, ours }: Due): boolean {
  const took = last && anchoredIn(last.checkpoint, ours)
  if (!last || !took) return true
  const isThere = !looked || isSame(looked.anchored, next)
  const isBelieved = !looked || (before !== null && isSame(looked.anchored, before))
  if (!isBelieved && !(isThere && isSame(took, next))) return true
  if (isSame(took, next)) return last.agoSeconds >= anchor.againSeconds
  // Several replicas look at it: what one of them has just put is enough, except at the end.
  return when === 'last' || last.agoSeconds >= anchor.everySeconds / 2
}

function isSame(one: Anchored | null, { checkpoint: { origin, size } }: Anchored): boolean {
  return one?.checkpoint.origin === origin && one.checkpoint.size === size
}

/**
 * The turn first, and then what is put: a checkpoint that was read before another replica had its turn could be an older one than the
 * anchor has by now. Resolves to what was put; null where another has just put it.
 */
async function putInTurn(store: AnchorStore, due: Due): Promise<Anchored | null | 'not our turn'> {
  const { anchor, ours } = due
  const { name, kind } = anchor
  const turn = await turnAt(name, store, due)
  if (turn === null) return 'not our turn'
  try {
    const found = await store.tree()
    const next = found && signedHere(found, ours)
    if (!next || !isDue(next, await lastOf(anchor, store), due)) return null
    const evidence = await anchor.put(next, ours.first, store)
    const { origin, size } = next.checkpoint
    await store.record({ anchor: name, kind, origin, size, checkpoint: next.text, evidence })
    return next
  } finally {
    await store.endTurn(name, turn)
  }
}

async function turnAt(
  name: string,
  store: Pick<AnchorStore, 'takeTurn'>,
  { when }: Pick<Due, 'when'>,
): Promise<string | null> {
  const tries = when === 'last' ? lastTries.most : 1
  for (let nth = 1; ; nth += 1) {
    const turn = await store.takeTurn(name, turnSeconds)
    if (turn !== null || nth === tries) return turn
    await createBell().rung(lastTries.everyMs, new AbortController().signal)
  }
}
