/** What ending things needs of a log. */
interface Log {
  error(fields: object, message: string): void
}

/** What was begun and has to be ended. */
export interface Closers {
  /**
   * `close` is called once, when everything ends; it may take `limitMs` milliseconds, and what it does not do by then is
   * left behind. Added after the end has begun, it is called at once.
   */
  add(what: string, close: () => unknown, limitMs?: number): void
  /**
   * Ends everything in the reverse order of its beginning, whatever fails or hangs on the way: that is logged, and the
   * next is ended all the same. The same promise for everybody who asks. Never rejects.
   */
  close(): Promise<void>
  /** What has not ended in order so far, with why: `the job worker (did not end within 15 s)`. */
  failed(): readonly string[]
}

/** Milliseconds, where nothing else is said. */
const patience = 15_000

export function createClosers(log: Log): Closers {
  const open: { readonly what: string; readonly close: () => unknown; readonly limitMs: number }[] = []
  const failures: string[] = []
  let ending: Promise<void> | null = null

  const end = async (one: (typeof open)[number]): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<'over'>((resolve) => {
      timer = setTimeout(() => resolve('over'), one.limitMs)
    })
    try {
      const ended = await Promise.race([Promise.resolve().then(one.close), over])
      if (ended === 'over') {
        failures.push(`${one.what} (did not end within ${one.limitMs / 1_000} s)`)
        log.error({ what: one.what, limitMs: one.limitMs }, 'did not end in time; going on')
      }
    } catch (error) {
      failures.push(`${one.what} (${error instanceof Error ? error.message : String(error)})`)
      log.error({ err: error, what: one.what }, 'could not be ended in order; going on')
    } finally {
      clearTimeout(timer)
    }
  }
  const endAll = async (): Promise<void> => {
    for (let one = open.pop(); one; one = open.pop()) await end(one)
  }
  return {
    add(what, close, limitMs = patience) {
      open.push({ what, close, limitMs })
      // Somebody began it while everything ended: it must not outlive the rest.
      if (ending) ending = ending.then(endAll)
    },
    close() {
      ending ??= endAll()
      return ending
    },
    failed: () => failures,
  }
}
