import type { NoteSigner } from '../../ledger/note.ts'
import { createBell } from '../bell.ts'
import type { Health } from '../ports.ts'
import { type LedgerStore, TreeFault } from './ledgerStore.ts'
import { sealBatch } from './sealBatch.ts'

export interface SealingOptions {
  readonly ledger: LedgerStore
  readonly signer: NoteSigner
  readonly health: Health
  readonly log: { warn(fields: object, message: string): void }
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number
}

/** Milliseconds. */
const usual = {
  /** Woken or not, it looks so often. */
  every: 1_000,
  /** Between the beginnings of two rounds: what arrives meanwhile shares the next checkpoint. */
  pace: 200,
  /** Without a round that worked, entries count as no longer sealed. */
  silentAfter: 60_000,
} as const

/** Seconds after which the head is checked and signed again, when nothing happens. */
const heartbeatSeconds = 3_600

/** Entries in one transaction: so many texts are held at once, of at most 64 KiB each. */
const atOnce = 1_000

/**
 * Gives entries their place in the tree as they are committed, within a second, for as long as this process serves. Every replica runs
 * it; one of them is at it at a time, and whoever dies half-way has written nothing: the next goes on from what stands there. What does
 * not fit is said and not touched, and looked at again, so that it goes on when an operator has put it right.
 *
 * @returns how to end it: resolves when nothing is being written any more
 */
export function startSealing(options: SealingOptions): () => Promise<void> {
  const { ledger } = options
  const ending = new AbortController()
  const bell = createBell<'commit'>()
  const unwatch = ledger.watch(() => bell.ring('commit'))
  const round = watchedRound(options)
  const work = async (): Promise<void> => {
    bell.ring('commit') // what an earlier process left
    for (;;) {
      await bell.rung(usual.every, ending.signal)
      if (ending.signal.aborted) return
      await round(ending.signal)
      await pause(usual.pace, ending.signal)
    }
  }
  const done = work()
  return async () => {
    unwatch()
    ending.abort()
    await done
  }
}

/** One round, and what is said of how it went. Never rejects. */
function watchedRound({ elapsed = () => performance.now(), ...options }: SealingOptions) {
  const { health, log } = options
  let workedAt = elapsed()
  let failing = false
  return async (signal: AbortSignal): Promise<void> => {
    try {
      await sealAll(options, signal)
      workedAt = elapsed()
      failing = false
      for (const part of ['tree', 'database']) health.clear('sealing_stopped', part)
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault)
      if (fault instanceof TreeFault) return health.raise('sealing_stopped', `${why}.`, 'tree')
      if (!failing) log.warn({ err: fault }, 'could not seal entries; trying again')
      failing = true
      if (elapsed() - workedAt > usual.silentAfter)
        health.raise('sealing_stopped', `None was sealed for a minute: ${why}.`, 'database')
    }
  }
}

/** Seals until nothing waits, or another is at it. @throws TreeFault, StoreUnavailable */
export async function sealAll(
  { ledger, signer }: Pick<SealingOptions, 'ledger' | 'signer'>,
  signal?: AbortSignal,
): Promise<void> {
  if (!(await ledger.isDue(heartbeatSeconds))) return
  for (;;) {
    const done = await ledger.extend(atOnce, (found) => sealBatch(found, signer))
    if (done === 'elsewhere' || done.sealed < atOnce || signal?.aborted) return
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await createBell().rung(ms, signal)
}
