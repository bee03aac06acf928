import type { Change, Committed } from '../approvals/ports.ts'
import { type Batch, batchOf, type Prepared, prepare } from './batch.ts'
import { certainlyFailed, worthRepeating } from './sqlState.ts'

/** Sends one batch to `countersign_commit` and resolves to the outcome of each change, in order. */
export type SendBatch = (batch: Batch) => Promise<readonly Committed[]>

/** How much one statement may carry. Large enough to be worth it, small enough not to keep the others waiting. */
export const batchLimits = { changes: 256, bytes: 4 * 1024 * 1024 } as const

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
 * Alone, a change leaves at once. A batch never holds two changes that touch the same record; the later one waits for
 * the next, so that it is judged by what the earlier one left.
 *
 * @throws RangeError (as a rejection, before anything is sent) when the change itself cannot be written
 */
export function groupCommit(send: SendBatch): GroupCommit {
  const waiting: Waiting[] = []
  let draining: Promise<void> | null = null

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await settle(take(waiting), send)
    draining = null
  }
  return {
    async commit(change) {
      const prepared = prepare(change)
      return new Promise((resolve, reject) => {
        waiting.push({ change: prepared, resolve, reject })
        draining ??= drain()
      })
    },
    async idle() {
      await draining
    },
  }
}

/** Takes the next batch out of the queue, in order of arrival. */
function take(waiting: Waiting[]): readonly Waiting[] {
  const taken: Waiting[] = []
  const left: Waiting[] = []
  const touched = new Set<string>()
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
 * change by change, so that one which cannot be written fails alone. When the answer was lost the outcome is unknown,
 * and trying again could report as a conflict what was applied: then every caller is told that it is unknown.
 */
async function settle(batch: readonly Waiting[], send: SendBatch): Promise<void> {
  try {
    const outcomes = await send(batchOf(batch.map((one) => one.change)))
    batch.forEach((one, index) => {
      const outcome = outcomes[index]
      if (outcome) one.resolve(outcome)
      else one.reject(new Error('the database did not say what became of a change'))
    })
  } catch (error) {
    if (certainlyFailed(error)) for (const one of batch) await settleAlone(one, send)
    else for (const one of batch) one.reject(error)
  }
}

const attemptsAlone = 3

/** Tries again, a few times when it was a lost race inside the database, else once. */
async function settleAlone(one: Waiting, send: SendBatch): Promise<void> {
  const alone = batchOf([one.change])
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [outcome] = await send(alone)
      return outcome
        ? one.resolve(outcome)
        : one.reject(new Error('the database did not say what became of a change'))
    } catch (error) {
      if (attempt === attemptsAlone || !worthRepeating(error)) return one.reject(error)
    }
  }
}
