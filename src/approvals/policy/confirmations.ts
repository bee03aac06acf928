import type { Digest } from '../../core/digest.ts'
import type { Store } from '../ports.ts'
import type { Replica } from './replicas.ts'

/** What the replicas say of themselves: which judge by some files, and which do not, or have not said so. */
export interface Confirmations {
  readonly confirmed: readonly Replica[]
  readonly unconfirmed: readonly (Replica & { readonly silentSeconds: number })[]
}

/** How long to wait for what they say, and by which clock. */
export interface Patience {
  /** Milliseconds. */
  readonly patienceMs: number
  /** Milliseconds that only ever grow. */
  readonly elapsed: () => number
  readonly pause: (ms: number) => Promise<void>
}

/** Beats come every two seconds; after so many seconds without one, nobody waits for the next. */
const silentAfterSeconds = 10
const lookAgainAfterMs = 250

/**
 * Waits until every replica that lives has said that it judges by these files, or as long as the patience lasts. Only for
 * telling people: what a replica has not heard of, its commits are refused for.
 */
export async function confirmations(
  store: Pick<Store, 'replicas'>,
  files: Digest | null,
  { patienceMs, elapsed, pause }: Patience,
): Promise<Confirmations> {
  const began = elapsed()
  for (;;) {
    const replicas = await store.replicas()
    const unconfirmed = replicas.filter(({ policy }) => policy !== files)
    const isOver = !unconfirmed.some(({ silentSeconds }) => silentSeconds < silentAfterSeconds)
    if (isOver || elapsed() - began >= patienceMs)
      return { confirmed: replicas.filter(({ policy }) => policy === files), unconfirmed }
    await pause(lookAgainAfterMs)
  }
}
