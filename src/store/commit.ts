import type { Change, Committed } from '../approvals/change.ts'
import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { type Batch, batchOf, type Prepared, prepare } from './batch.ts'
import { certainlyFailed, worthAnotherSession, worthRepeating } from './sqlState.ts'
import { unavailableIn } from './unavailable.ts'

/** Sends one batch to `countersign_commit` and resolves to the outcome of each change, at the change's number. */
export type SendBatch = (batch: Batch) => Promise<readonly Committed[]>

/** How much one statement may carry. Large enough to be worth it, small enough not to keep the others waiting. */
export const batchLimits = { changes: 256, bytes: 4 * 1024 * 1024 } as const

/** How many statements may be on their way at once, and when one that is counts as late. */
export interface CommitPace {
  readonly lanes: number
  /** Milliseconds. */
  readonly lateAfter: number
}

/**
 * One after the other is fastest: the database commits one at a time anyway, and what arrives meanwhile shares the next
 * statement. Only when all that are on their way are late does another leave beside them: the connection of one that
 * never answers must not stop the others until it is given up.
 */
const usualPace: CommitPace = { lanes: 4, lateAfter: 1_000 }

export interface GroupCommit {
  readonly commit: (change: Change) => Promise<Committed>
  /** Resolves when every change that was handed in has its answer. */
  readonly idle: () => Promise<void>
}

interface Waiting {
  readonly change: Prepared
  readonly resolve: (committed: Committed) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: while one statement is on its way, the changes that arrive meanwhile gather and share the next one.
 * Alone, a change leaves at once. A batch never holds two changes that touch the same record, nor one that is on its way
 * in another; the later one waits for its turn, so that it is judged by what the earlier one left.
 *
 * @throws what `prepare` does (as a rejection, before anything is sent) when the change itself cannot be written
 */
export function groupCommit(send: SendBatch, pace = usualPace): GroupCommit {
  const waiting: Waiting[] = []
  const onTheirWay = new Set<{ late: boolean }>()
  const held = new Set<string>()
  const whenIdle: (() => void)[] = []

  const leave = (): void => {
    while (waiting.length > 0 && onTheirWay.size < pace.lanes) {
      if ([...onTheirWay].some(({ late }) => !late)) return
      const batch = take(waiting, held)
      if (batch.length === 0) return
      void travel(batch)
    }
  }
  const travel = async (batch: readonly Waiting[]): Promise<void> => {
    const touched = batch.flatMap(({ change }) => change.touches)
    const way = { late: false }
    const lateness = setTimeout(() => {
      way.late = true
      leave()
    }, pace.lateAfter)
    onTheirWay.add(way)
    for (const name of touched) held.add(name)
    await settle(batch, send)
    clearTimeout(lateness)
    onTheirWay.delete(way)
    for (const name of touched) held.delete(name)
    leave()
    if (onTheirWay.size === 0) for (const tell of whenIdle.splice(0)) tell()
  }
  return {
    async commit(change) {
      const prepared = prepare(change)
      return new Promise((resolve, reject) => {
        waiting.push({ change: prepared, resolve, reject })
        leave()
      })
    },
    idle() {
      if (onTheirWay.size === 0) return Promise.resolve()
      return new Promise((resolve) => whenIdle.push(resolve))
    },
  }
}

/** Takes the next batch out of the queue, in order of arrival; nothing that touches what others on their way hold. */
function take(waiting: Waiting[], held: ReadonlySet<string>): readonly Waiting[] {
  const taken: Waiting[] = []
  const left: Waiting[] = []
  const touched = new Set(held)
  let bytes = 0
  for (const one of waiting) {
    const fits =
      taken.length < batchLimits.changes &&
      (taken.length === 0 || bytes + one.change.bytes <= batchLimits.bytes)
    const free = one.change.touches.every((name) => !touched.has(name))
    // What is left behind holds its records too: nothing later may overtake it on them.
    for (const name of one.change.touches) touched.add(name)
    if (fits && free) {
      taken.push(one)
      bytes += one.change.bytes
    } else {
      left.push(one)
    }
  }
  waiting.splice(0, waiting.length, ...left)
  return taken
}

/**
 * Never rejects: every caller gets its own answer. A batch that the database certainly did not commit is tried again
 * change by change, so that one which cannot be written fails alone; unless the database itself is the reason: then it
 * is tried once more on another session where that may help, else all are told. When the answer was lost the outcome is
 * unknown, and trying again could report as a conflict what was applied: then every caller is told that it is unknown.
 */
async function settle(batch: readonly Waiting[], send: SendBatch): Promise<void> {
  try {
    const outcomes = await sendOnce(batch, send)
    for (const [n, one] of batch.entries()) answer(one, outcomes[n])
  } catch (error) {
    if (!certainlyFailed(error)) for (const one of batch) one.reject(error)
    else if (unavailableIn(error) && !worthRepeating(error)) for (const one of batch) one.reject(error)
    else await settleEach(batch, send)
  }
}

/** Once, and once more on another session when it certainly failed because of the one it had. */
async function sendOnce(batch: readonly Waiting[], send: SendBatch): Promise<readonly Committed[]> {
  const sent = batchOf(batch.map((one) => one.change))
  try {
    return await send(sent)
  } catch (error) {
    if (!worthAnotherSession(error)) throw error
    return await send(sent)
  }
}

function answer(one: Waiting, outcome: Committed | undefined): void {
  if (outcome) one.resolve(outcome)
  else one.reject(new Error('the database did not say what became of a change'))
}

/** One by one, until the database itself fails: the rest was certainly not written and need not wait for the same. */
async function settleEach(batch: readonly Waiting[], send: SendBatch): Promise<void> {
  let trouble: StoreUnavailable | null = null
  for (const one of batch) {
    if (trouble) one.reject(untouchedBy(trouble))
    else trouble = await settleAlone(one, send)
  }
}

/** What came after the change that met the trouble: never sent. */
function untouchedBy({ reason, message, retryAfterSeconds, cause }: StoreUnavailable): StoreUnavailable {
  return new StoreUnavailable({ reason, message, retryAfterSeconds, cause, unknown: false })
}

const attemptsAlone = 3

/** Tries again, a few times when it was a lost race inside the database, else once. Resolves to what is wrong with the database. */
async function settleAlone(one: Waiting, send: SendBatch): Promise<StoreUnavailable | null> {
  const alone = batchOf([one.change])
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [outcome] = await send(alone)
      answer(one, outcome)
      return null
    } catch (error) {
      if (attempt < attemptsAlone && worthRepeating(error)) continue
      one.reject(error)
      return worthRepeating(error) ? null : unavailableIn(error)
    }
  }
}
