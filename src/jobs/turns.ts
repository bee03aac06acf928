/** Work under one name is done one after the other, in the order in which it came; under other names at the same time. */
export interface Turns {
  take(turn: Turn, work: () => Promise<void>): Promise<void>
}

export interface Turn {
  readonly name: string
  /**
   * Of several that wait under one name for the same, only the last is done, and in the place of the first: it finds
   * everything that the others would have found. Null for what has to be done each time.
   */
  readonly same: string | null
}

interface Waiting {
  readonly same: string | null
  /** It is its turn, or another does the same. */
  readonly begin: (isItsTurn: boolean) => void
}

/**
 * The order of this process. The job queue has named queues of its own, which order all replicas: but whoever looks for
 * a job locks every queue that is free, so of those who look at the same moment all but one find nothing, and sleep; and
 * a job is looked for before the queue of the finished one is free. Where two replicas meet, the versions of the cards
 * say so (`approvals/cards/refresh.ts`).
 */
export function createTurns(): Turns {
  /** Who waits, for each name under which something is being done. */
  const lines = new Map<string, Waiting[]>()
  const begins = ({ name, same }: Turn): Promise<boolean> => {
    const line = lines.get(name)
    if (!line) {
      lines.set(name, [])
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const place = same === null ? -1 : line.findIndex((one) => one.same === same)
      const [spared] = line.splice(place === -1 ? line.length : place, 1, { same, begin: resolve })
      spared?.begin(false)
    })
  }
  return {
    async take(turn, work) {
      if (!(await begins(turn))) return
      try {
        await work()
      } finally {
        const next = lines.get(turn.name)?.shift()
        if (next) next.begin(true)
        else lines.delete(turn.name)
      }
    },
  }
}
