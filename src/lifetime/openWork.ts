/** Work that nobody waits for while it runs. */
export interface OpenWork {
  follow(work: Promise<unknown>): void
  /** Resolves when nothing of it runs any more. */
  done(): Promise<void>
}

/** Whoever closes what such work needs waits for it first. What it throws is as loud as without this. */
export function openWork(): OpenWork {
  const open = new Set<Promise<unknown>>()
  return {
    follow(work) {
      const followed = work.finally(() => open.delete(followed))
      open.add(followed)
    },
    async done() {
      while (open.size > 0) await Promise.allSettled(open)
    },
  }
}
