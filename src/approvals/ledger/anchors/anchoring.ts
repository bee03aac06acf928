import type { Anchored, TreeHere } from '../../../ledger/anchored.ts'
import { anchoredIn } from '../../../ledger/anchored.ts'
import { Overdue, within } from '../../../lifetime/limit.ts'
import { createBell } from '../../bell.ts'
import type { Health } from '../../ports.ts'
import { StoreUnavailable } from '../../storeUnavailable.ts'
import { type Anchor, AnchorDispute, AnchorFault } from './anchor.ts'
import type { AnchorStore, KeptTree, RecordedAnchored } from './anchorStore.ts'
import { type Looked, lookAt, whyBehind } from './lookAt.ts'

export interface AnchoringOptions {
  readonly anchors: readonly Anchor[]
  readonly store: AnchorStore
  /** The ledger that this process signs: another in its place is not brought anywhere. */
  readonly ours: Pick<TreeHere, 'first' | 'publicKey'>
  readonly health: Health
  readonly log: { warn(fields: object, message: string): void }
  /** Called once when the database turns out to be older than an anchor, or to have another ledger: nothing may be written from then on. */
  readonly behind: (why: string) => void
  /** Records that an anchor holds something that does not fit. */
  readonly disputed: (anchor: Anchor, why: string) => Promise<void>
  /** Gives what still waits its place in the tree, for the last time. */
  readonly sealLast: () => Promise<void>
}

/** Milliseconds. */
const limits = {
  /** Whatever an adapter does, it is not waited for longer. */
  each: 30_000,
  /** After a try that failed, where the usual time is longer. */
  again: 60_000,
  /** For sealing what waits when everything ends, and for putting that. */
  lastSeal: 4_000,
  lastPut: 6_000,
} as const

/** Seconds that a replica has an anchor for itself; longer than any try takes. */
const turnSeconds = 60

/**
 * Lets checkpoints leave the house, for as long as this process serves: each anchor in its own rhythm, so that one that hangs or refuses
 * holds up no other. Each replica looks at each anchor; one at a time puts something there.
 *
 * @returns how to end it: seals and puts what there still is, in a bounded time
 */
export function startAnchoring(options: AnchoringOptions): () => Promise<void> {
  const ending = new AbortController()
  let isBehind = false
  const behind = (why: string): void => {
    if (isBehind) return
    isBehind = true
    options.behind(why)
  }
  const rounds = options.anchors.map((anchor) => {
    const round = watchedRound({ ...options, behind }, anchor)
    const work = async (): Promise<void> => {
      while (!ending.signal.aborted && !isBehind) {
        const worked = await round()
        const usual = anchor.everySeconds * 1_000
        await createBell().rung(worked ? usual : Math.min(usual, limits.again), ending.signal)
      }
    }
    return { round, done: work() }
  })
  return async () => {
    ending.abort()
    if (isBehind) return
    await within(limits.lastSeal, 'sealing for the last time', options.sealLast).catch((err: unknown) =>
      options.log.warn({ err }, 'what waits for its place in the ledger waits for the next start'),
    )
    const last = Promise.all(rounds.map(({ done, round }) => done.then(() => round('last'))))
    await within(limits.lastPut, 'anchoring for the last time', () => last).catch((err: unknown) =>
      options.log.warn({ err }, 'not every anchor took the last checkpoint'),
    )
  }
}

/** One round, and what is said of how it went. Never rejects; resolves to whether it worked. */
function watchedRound({ store, health, log, ...options }: AnchoringOptions, anchor: Anchor) {
  const { name } = anchor
  let told: string | null = null
  const dispute = async (why: string): Promise<void> => {
    health.raise('anchor_disputed', `${name}: ${why}.`, name)
    if (told === why) return
    await options.disputed(anchor, why)
    told = why
  }
  return async (when: 'now' | 'last' = 'now'): Promise<boolean> => {
    try {
      const strange = await within(limits.each, name, () =>
        visit(anchor, { store, when, ours: options.ours, behind: options.behind }),
      )
      health.clear('anchor_missed', name)
      if (strange !== null) await dispute(strange)
      else {
        health.clear('anchor_disputed', name)
        told = null
      }
      return true
    } catch (fault) {
      if (fault instanceof AnchorDispute) await dispute(fault.message).catch(() => undefined)
      else if (fault instanceof AnchorFault || fault instanceof Overdue)
        health.raise('anchor_missed', `${name}: ${fault.message}.`, name)
      else if (fault instanceof StoreUnavailable)
        log.warn({ err: fault, anchor: name }, 'could not read what is to be anchored; trying again')
      else {
        log.warn({ err: fault, anchor: name }, 'an anchor failed in a way that nobody expected')
        health.raise('anchor_missed', `${name}: it failed, the log says how.`, name)
      }
      return false
    }
  }
}

interface Visit {
  readonly store: AnchorStore
  readonly when: 'now' | 'last'
  readonly ours: AnchoringOptions['ours']
  readonly behind: AnchoringOptions['behind']
}

/** Looks at what an anchor has, and puts what it has not. Resolves to what is strange there. */
async function visit(anchor: Anchor, { store, when, ours, behind }: Visit): Promise<string | null> {
  const { name, newest } = anchor
  // Before the anchor: what another replica puts meanwhile must not look lost.
  const before = (await store.newest()).get(name) ?? null
  const looked = newest ? await lookAt({ newest }, store) : null
  const found = await store.tree()
  if (!found) return null
  const { here } = found
  const next = signedHere(found, ours)
  const why = looked && whyBehind(name, looked, here)
  if (why) {
    behind(why)
    return null
  }
  if (looked && before) refuseLost(before, looked, ours)
  const last = (await store.newest()).get(name) ?? null
  const has = looked ? looked.anchored : last
  if (isDue(next, { last, has: has !== null, anchor, when }))
    await putInTurn(anchor, next, { store, first: here.first })
  return looked?.strange ?? null
}

/** What is not signed with our key is not ours to put: somebody has changed what is kept of the ledger. @throws AnchorDispute */
function signedHere({ here, checkpoint, strangers }: KeptTree, ours: AnchoringOptions['ours']): Anchored {
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
  ours: AnchoringOptions['ours'],
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
  readonly last: (RecordedAnchored & { readonly agoSeconds: number }) | null
  /** Whether the anchor has anything. */
  readonly has: boolean
  readonly anchor: Anchor
  readonly when: Visit['when']
}

function isDue(next: Anchored, { last, has, anchor, when }: Due): boolean {
  if (!last || !has) return true
  const { origin, size } = next.checkpoint
  if (last.origin === origin && last.size === size) return last.agoSeconds >= anchor.againSeconds
  // Several replicas look at it: what one of them has just put is enough, except at the end.
  return when === 'last' || last.agoSeconds >= anchor.everySeconds / 2
}

async function putInTurn(
  anchor: Anchor,
  next: Anchored,
  { store, first }: { readonly store: AnchorStore; readonly first: string },
): Promise<void> {
  if (!(await store.takeTurn(anchor.name, turnSeconds))) return
  try {
    const evidence = await anchor.put(next, first, store)
    const { origin, size } = next.checkpoint
    const { name, kind } = anchor
    await store.record({ anchor: name, kind, origin, size, checkpoint: next.text, evidence })
  } finally {
    await store.endTurn(anchor.name)
  }
}
