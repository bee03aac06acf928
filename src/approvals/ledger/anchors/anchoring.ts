import type { Anchored, TreeHere } from '../../../ledger/anchored.ts'
import { Overdue, within } from '../../../lifetime/limit.ts'
import { createBell } from '../../bell.ts'
import type { Health } from '../../ports.ts'
import { StoreUnavailable } from '../../storeUnavailable.ts'
import { type Anchor, AnchorDispute, AnchorFault } from './anchor.ts'
import type { AnchorStore, FoundElsewhere } from './anchorStore.ts'
import { type Visit, type Visited, visit } from './visit.ts'

export interface AnchoringOptions {
  readonly anchors: readonly Anchor[]
  readonly store: AnchorStore
  /** The ledger that this process signs: another in its place is not brought anywhere. */
  readonly ours: Pick<TreeHere, 'first' | 'publicKey'>
  readonly health: Health
  readonly log: { warn(fields: object, message: string): void }
  /** Called once when this or another replica finds that the database is older than an anchor, or has another ledger: nothing may be written from then on. */
  readonly behind: (why: string) => void
  /** Records that an anchor holds something that does not fit. */
  readonly disputed: (anchor: Anchor, why: string) => Promise<void>
  /** Gives what still waits its place in the tree, for the last time. */
  readonly sealLast: () => Promise<void>
  readonly limits?: Partial<typeof usual>
}

/** Milliseconds. */
const usual = {
  /** Whatever an adapter does, it is not waited for longer. */
  each: 30_000,
  /** After a try that failed, or found that another has the turn, where the usual time is longer: who has it may have died. */
  again: 60_000,
  /** Between two looks at whether another replica found the ledger behind, and two tries to tell them. */
  told: 2_000,
  /** For sealing what waits when everything ends, and for putting that. */
  lastSeal: 4_000,
  lastPut: 6_000,
}

/**
 * Lets checkpoints leave the house, for as long as this process serves: each anchor in its own rhythm, so that one that hangs or refuses
 * holds up no other. Each replica looks at each anchor; one at a time puts something there.
 *
 * @returns how to end it: seals and puts what there still is, in a bounded time
 */
export function startAnchoring(options: AnchoringOptions): () => Promise<void> {
  const limits = { ...usual, ...options.limits }
  const ending = new AbortController()
  let isBehind = false
  const behind = (why: string, found: FoundElsewhere | null): void => {
    if (isBehind) return
    isBehind = true
    options.behind(why)
    if (found) void tellOthers(found, { ...options, limits, signal: ending.signal })
  }
  void watchOthers({ ...options, limits, signal: ending.signal }, (why) => behind(why, null))
  const rounds = options.anchors.map((anchor) => {
    const round = watchedRound({ ...options, limits, behind }, anchor)
    const work = async (): Promise<void> => {
      while (!ending.signal.aborted && !isBehind) {
        const worked = await round()
        const every = anchor.everySeconds * 1_000
        await createBell().rung(worked ? every : Math.min(every, limits.again), ending.signal)
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
    const err = await within(limits.lastPut, 'anchoring for the last time', () => last).then(
      (worked) => (worked.every(Boolean) ? null : 'health says which'),
      (fault: unknown) => fault,
    )
    if (err !== null) options.log.warn({ err }, 'not every anchor took the last checkpoint')
  }
}

interface Telling extends Pick<AnchoringOptions, 'store' | 'log'> {
  readonly limits: typeof usual
  readonly signal: AbortSignal
}

/** Until the database knows it: from then on it takes nothing of any replica. The first try is made also while this process ends. */
async function tellOthers(found: FoundElsewhere, { store, log, limits, signal }: Telling): Promise<void> {
  do {
    try {
      return await store.recordBehind(found)
    } catch (err) {
      log.warn({ err }, 'could not tell the other replicas that the ledger is behind; trying again')
      await createBell().rung(limits.told, signal)
    }
  } while (!signal.aborted)
}

/** Each replica looks at each anchor in its own time; what one has found out, the others need not find out again. */
async function watchOthers({ store, limits, signal }: Telling, behind: (why: string) => void): Promise<void> {
  while (!signal.aborted) {
    const found = await store.behind().catch(() => null) // unknown: it is looked at again, and each commit asks anyway
    if (found)
      return behind(
        `another replica has found at ${found.at} that the database is behind the anchor ${found.anchor}`,
      )
    await createBell().rung(limits.told, signal)
  }
}

/** One round, and what is said of how it went. Never rejects; resolves to whether it worked, and nothing is owed to the anchor. */
function watchedRound(
  {
    store,
    health,
    log,
    limits,
    ...options
  }: Omit<AnchoringOptions, 'behind'> & { readonly limits: typeof usual } & Pick<Visit, 'behind'>,
  anchor: Anchor,
) {
  const { name } = anchor
  let told: string | null = null
  const isOverdue = createOverdue(anchor.everySeconds)
  const dispute = async (why: string): Promise<void> => {
    health.raise('anchor_disputed', `${name}: ${why}.`, name)
    if (told === why) return
    await options.disputed(anchor, why)
    told = why
  }
  return async (when: 'now' | 'last' = 'now'): Promise<boolean> => {
    try {
      const found = await within(limits.each, name, () =>
        visit(anchor, { store, when, ours: options.ours, behind: options.behind }),
      )
      const strange = found?.strange ?? null
      if (found && isOverdue(found))
        health.raise('anchor_missed', `${name}: it answers, and has not got what is new for too long.`, name)
      else health.clear('anchor_missed', name)
      if (strange !== null) await dispute(strange)
      else {
        health.clear('anchor_disputed', name)
        told = null
      }
      return !found?.isOwed
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

/**
 * Whether an anchor has gone without what is new for longer than twice its time. Measured by this process alone: rows of the database, and
 * turns that are always taken, can say that all is well for ever.
 */
function createOverdue(everySeconds: number): (visited: Visited) => boolean {
  let owed: { readonly head: Anchored; readonly since: number } | null = null
  return ({ head, has }) => {
    if (owed && has && reaches(has, owed.head)) owed = null
    if (has && reaches(has, head)) return false
    owed ??= { head, since: performance.now() }
    return performance.now() - owed.since > 2_000 * everySeconds
  }
}

function reaches(has: Anchored, head: Anchored): boolean {
  if (has.generation !== head.generation) return has.generation > head.generation
  return has.checkpoint.size >= head.checkpoint.size
}
