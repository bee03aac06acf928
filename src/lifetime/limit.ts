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
  return resultOr(work(), limitMs, () => {
    throw new Overdue(`${what} took longer than ${limitMs} ms`)
  })
}

/** What was waited for, or `null` when it was not there after so many milliseconds. It goes on either way. */
export function resultWithin<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  return resultOr(work, limitMs, () => null)
}

async function resultOr<T, Otherwise>(
  work: Promise<T>,
  limitMs: number,
  otherwise: () => Otherwise,
): Promise<T | Otherwise> {
  let timer: NodeJS.Timeout | undefined
  // A process that was busy hears its timers before its sockets: the answer may be there already, so it is read first.
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve), limitMs)
  }).then(otherwise)
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
