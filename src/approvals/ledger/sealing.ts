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
  let isSuspect = false
  /** The version of the head when another had it in hand, at the last look; null: we had it since. */
  let theirs: number | null = null
  const worked = (): void => {
    workedAt = elapsed()
    failing = false
    isSuspect = false
    for (const part of ['tree', 'database']) health.clear('sealing_stopped', part)
  }
  const failed = (why: string): void => {
    if (elapsed() - workedAt > usual.silentAfter)
      health.raise('sealing_stopped', `None was sealed for a minute: ${why}.`, 'database')
  }
  return async (signal: AbortSignal): Promise<void> => {
    try {
      const done = await sealAll(options, { signal, isSuspect })
      const before = theirs
      theirs = done === 'all' ? null : done.elsewhere
      // That somebody has the head in hand says nothing; only that it has gone on since does.
      if (theirs === null || (before !== null && theirs !== before)) worked()
      else failed('somebody holds the row of ledger_head, and does not go on')
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault)
      if (fault instanceof TreeFault) {
        isSuspect = true
        theirs = null
        return health.raise('sealing_stopped', `${why}.`, 'tree')
      }
      if (!failing) log.warn({ err: fault }, 'could not seal entries; trying again')
      failing = true
      failed(why)
    }
  }
}

/**
 * Seals until nothing waits. Resolves to the version of the head when another has it in hand and nothing could be sealed here.
 *
 * @param how.isSuspect the tree did not fit: it is checked though nothing waits
 * @throws TreeFault, StoreUnavailable
 */
export async function sealAll(
  { ledger, signer }: Pick<SealingOptions, 'ledger' | 'signer'>,
  { signal, isSuspect = false }: { readonly signal?: AbortSignal; readonly isSuspect?: boolean } = {},
): Promise<'all' | { readonly elsewhere: number }> {
  if (!(await ledger.isDue(isSuspect ? 0 : heartbeatSeconds))) return 'all'
  for (let sealed = 0; ; ) {
    const done = await ledger.extend(atOnce, (found) => sealBatch(found, signer))
    if ('elsewhere' in done) return sealed > 0 ? 'all' : done
    sealed += done.sealed
    if (done.sealed < atOnce || signal?.aborted) return 'all'
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await createBell().rung(ms, signal)
}
