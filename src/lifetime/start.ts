import { untilAborted } from './keepTrying.ts'

/** What starting needs of a log. */
interface Log {
  warn(fields: object, message: string): void
}

/** A start that can be told to stop, and that says what it waits for. */
export interface Start {
  /** Aborted when the start is told to stop; the reason is what to throw. */
  readonly signal: AbortSignal
  /** Tells whoever watches what is begun now, such as `Creating the database`: a first start takes a while. */
  begins(doing: string): void
  /**
   * One part of a start that may have to wait for somebody else. Resolves to what the work resolves to, and rejects as soon
   * as the start is told to stop, whatever the work is doing. So whatever the work begins it hands to closers itself, where
   * it began it: they end also what arrives when everybody else has gone. When it takes longer than a few seconds, the log
   * says once what is waited for.
   */
  phase<T>(waitsFor: WaitsFor, work: () => Promise<T>): Promise<T>
  /** The same for work that hears the signal itself, and rejects when it has ended what it began: that is waited for. */
  through<T>(waitsFor: WaitsFor, work: () => Promise<T>): Promise<T>
}

/** `the database at db.example:5432`; or how to find out, asked only when somebody has to be told. */
type WaitsFor = string | (() => string | Promise<string>)

/** Milliseconds after which a part of a start is worth a line. */
const patience = 3_000

export function createStart({
  signal,
  log,
  tell = () => undefined,
}: {
  readonly signal: AbortSignal
  readonly log: Log
  /** Where somebody watches. */
  readonly tell?: ((doing: string) => void) | undefined
}): Start {
  const explain = async (waitsFor: WaitsFor): Promise<void> => {
    const what = typeof waitsFor === 'string' ? waitsFor : await waitsFor()
    log.warn({ waitsFor: what }, `still starting: waiting for ${what}`)
  }
  const through: Start['through'] = async (waitsFor, work) => {
    signal.throwIfAborted()
    const timer = setTimeout(() => void explain(waitsFor).catch(() => undefined), patience)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    signal,
    begins: tell,
    through,
    phase: (waitsFor, work) => through(waitsFor, () => untilAborted(work(), signal)),
  }
}

/** A start that nobody stops: of a test, or of a part that is looked at alone. */
export function unstoppable(): Start {
  return createStart({ signal: new AbortController().signal, log: { warn: () => undefined } })
}
