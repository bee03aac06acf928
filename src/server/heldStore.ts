import type { Store } from '../approvals/ports.ts'
import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { troubles } from '../store/unavailable.ts'

/** What stops all writing of this process, and all that it does outside, for good. */
export interface Hold {
  /** Why nothing is written any more; null while everything is. */
  readonly why: () => string | null
  readonly hold: (why: string) => void
  /** Ends something as soon as nothing may be written any more: at once, when that is so by now. */
  readonly whenHeld: (end: () => void) => void
}

export function createHold(): Hold {
  let held: string | null = null
  const ends: (() => void)[] = []
  return {
    why: () => held,
    hold: (why) => {
      held ??= why
      for (const end of ends.splice(0)) end()
    },
    whenHeld: (end) => {
      if (held === null) ends.push(end)
      else end()
    },
  }
}

/** The store, which takes no change once its ledger has turned out to be older than what left the house. */
export function heldStore(store: Store, { why }: Pick<Hold, 'why'>): Store {
  return {
    ...store,
    commit: async (change) => {
      const held = why()
      if (held === null) return store.commit(change)
      const { says, retryAfterSeconds } = troubles.behind
      const message = `${says} (${held})`
      throw new StoreUnavailable({
        reason: 'behind',
        message,
        unknown: false,
        retryAfterSeconds,
        cause: null,
      })
    },
  }
}
