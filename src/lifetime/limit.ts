/** Work took longer than it may. What it was doing may go on; nobody waits for it any more. */
export class Overdue extends Error {
  override readonly name = 'Overdue'
}

/**
 * The result of work that may take `limitMs` milliseconds.
 *
 * @throws Overdue when it has not ended by then; what the work throws later is dropped
 */
export async function within<T>(limitMs: number, what: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Overdue(`${what} took longer than ${limitMs} ms`))
    // A process that was busy hears its timers before its sockets: the answer may be there already, so it is read first.
    timer = setTimeout(() => setImmediate(giveUp), limitMs)
  })
  const result = work()
  result.catch(() => undefined)
  try {
    return await Promise.race([result, over])
  } finally {
    clearTimeout(timer)
  }
}

/** What was waited for, or `null` when it was not there after so many milliseconds. It goes on either way. */
export async function resultWithin<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds)
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
