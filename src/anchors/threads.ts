import { AnchorFault } from '../approvals/ledger/anchors/anchor.ts'
import { within } from '../lifetime/limit.ts'

/**
 * How many threads of this process may wait for directories at once. Node has few for all files, names and digests together
 * (`UV_THREADPOOL_SIZE`, 4), and one that waits for a file system that hangs comes back when that does: were all of them to wait there, the
 * server would find no name and read no file any more.
 */
export interface Threads {
  /**
   * Does work that has one thread at a time.
   *
   * @throws AnchorFault when as many as may are waiting elsewhere, and none comes back in time
   */
  use<T>(work: () => Promise<T>): Promise<T>
}

const usual = { most: 2, patienceMs: 4_000 }

export function createThreads({ most, patienceMs } = usual): Threads {
  const waiting: (() => void)[] = []
  let used = 0
  const giveBack = (): void => {
    used -= 1
    waiting.shift()?.()
  }
  const take = async (): Promise<void> => {
    if (used >= most) await turn()
    used += 1
  }
  const turn = (): Promise<void> => {
    let come = (): void => undefined
    const free = new Promise<void>((resolve) => {
      come = resolve
      waiting.push(come)
    })
    return within(patienceMs, 'a thread', () => free).catch(() => {
      const at = waiting.indexOf(come)
      if (at >= 0) waiting.splice(at, 1)
      throw new AnchorFault(
        `${most} directories of other anchors hang, and no more threads of this process wait for a directory before one of them answers`,
      )
    })
  }
  return {
    async use(work) {
      await take()
      return work().finally(giveBack)
    },
  }
}
