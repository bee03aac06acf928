import { Client, type ClientConfig, DatabaseError } from 'pg'

/** How long one session may take for what. Milliseconds. */
export interface SessionLimits {
  /** A statement that the database has not answered by then is given up, and its session with it. Null: never. */
  readonly silent: number | null
  /** For saying goodbye; then the connection is cut. */
  readonly goodbye: number
}

/**
 * The session is no good any more, or never came about: not what the server said about a statement. It carries the SQLSTATE
 * that the standard has for clients, and the form of the driver's own errors, so that whatever stands between (Prisma)
 * hands it on like any other: 08001 nothing was ever sent, 08006 lost on the way, 53300 none of ours is free; and one of our
 * own, VN002 the pool has ended, VN003 the database is used with another secret by now.
 */
export class SessionFault extends Error {
  override readonly name = 'SessionFault'
  readonly severity = 'FATAL'
  readonly code: '08001' | '08006' | '53300' | 'VN002' | 'VN003'

  constructor(code: SessionFault['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/**
 * SQL states, or beginnings of them, after which a session is not lent again. `all`: whatever made this one no good made
 * those that were opened before it no good too: a server that went away, or that became a read-only one in a failover.
 */
const noGood: Readonly<Record<string, 'one' | 'all'>> = {
  '08': 'all', // connection lost
  '0A000': 'one', // a kept plan that does not fit the table any more
  '25006': 'all', // read-only
  '25P': 'one', // a transaction that was left open, or was ended for that
  '26000': 'one', // a prepared statement that a pooler gave to somebody else
  '3F000': 'all', // no such schema: a search_path that somebody set and took back lives on in its sessions
  '42883': 'all', // no such function: the same
  '42P01': 'all', // no such table: the same
  '42P05': 'one', // like 26000
  '57P': 'all', // the server goes down, went down, or does not take us yet
}

/** Whether an error speaks against its session, or against all of its age. */
export function suspects(error: unknown): 'one' | 'all' | null {
  if (error instanceof SessionFault) return 'all'
  const state = error instanceof DatabaseError ? (error.code ?? '') : ''
  return noGood[state] ?? noGood[state.slice(0, 3)] ?? noGood[state.slice(0, 2)] ?? null
}

/** How a statement ended, for whoever times them. */
export interface EndedStatement {
  readonly seconds: number
  readonly failed: boolean
}

type Ask = (...args: unknown[]) => unknown
type Answered = (error: unknown, result?: unknown) => void

/** A session that notices by itself, whoever uses it and however, that it is no good any more. */
export class WatchedSession extends Client {
  /** On a clock that only grows, milliseconds. */
  readonly bornAt = performance.now()
  /** When somebody last gave it back. */
  usedAt = this.bornAt
  #fault: Error | null = null
  #unanswered = 0
  #leaving = false
  readonly #limits: SessionLimits
  readonly #ended: (statement: EndedStatement) => void

  constructor(
    config: ClientConfig & {
      readonly limits?: SessionLimits
      readonly ended?: (statement: EndedStatement) => void
    } = {},
  ) {
    super(config)
    this.#limits = config.limits ?? { silent: null, goodbye: 2_000 }
    this.#ended = config.ended ?? (() => undefined)
    this.on('error', (error) => {
      this.#fault ??= this.#lost(error)
    })
    const ask = super.query.bind(this) as Ask // every form of `query` goes through as it came
    this.query = ((...args: unknown[]) => this.#watched(ask, args)) as Client['query']
  }

  /** Why it must not be lent again, or null. To be asked when it is given back. */
  get fault(): Error | null {
    if (this.#fault) return this.#fault
    if (this.#unanswered > 0) return new Error('given back while a statement was on its way')
    const status = this.getTransactionStatus()
    return status === 'T' || status === 'E' ? new Error('given back inside a transaction') : null
  }

  /** Cut when the other side does not say goodbye: half-open connections never would. */
  override end(): Promise<void>
  override end(callback: (error: Error) => void): void
  override end(callback?: (error: Error) => void): Promise<void> | undefined {
    this.#leaving = true
    const impatience = setTimeout(() => this.connection.stream.destroy(), this.#limits.goodbye)
    impatience.unref()
    this.once('end', () => clearTimeout(impatience))
    if (!callback) return super.end()
    super.end(callback)
    return undefined
  }

  #watched(ask: Ask, args: readonly unknown[]): unknown {
    const over = this.#begin()
    const callback = args.at(-1)
    if (isCallback(callback))
      return ask(...args.slice(0, -1), (error: unknown, result: unknown) => callback(over(error), result))
    const answer = ask(...args)
    if (!(answer instanceof Promise)) {
      over(null) // a cursor or a stream: its user waits for it in their own way
      return answer
    }
    return answer.then(
      (result: unknown) => {
        over(null)
        return result
      },
      (error: unknown) => {
        throw over(error)
      },
    )
  }

  /** A statement begins; what is returned is called when it is over, and returns the error as everybody shall see it. */
  #begin(): (error: unknown) => unknown {
    const { silent } = this.#limits
    const began = performance.now()
    let open = true
    this.#unanswered += 1
    const giveUp = () => {
      if (open) this.connection.stream.destroy(noAnswer(silent))
    }
    // A process that was busy hears its timers before its sockets: the answer may be there already, so it is read first.
    const patience = silent === null ? undefined : setTimeout(() => setImmediate(giveUp), silent)
    return (error) => {
      const failed = error !== null && error !== undefined
      if (open) {
        this.#unanswered -= 1
        this.#ended({ seconds: (performance.now() - began) / 1_000, failed })
      }
      open = false
      clearTimeout(patience)
      return failed ? this.#judge(error) : error
    }
  }

  #judge(error: unknown): unknown {
    if (error instanceof DatabaseError) {
      if (suspects(error)) this.#fault ??= error
      return error
    }
    // What is thrown while the session is sound is a bug of ours, such as a value that cannot be sent.
    return this.#fault || this.#leaving ? this.#lost(error) : error
  }

  #lost(error: unknown): Error {
    if (error instanceof DatabaseError || error instanceof SessionFault) return error
    const why = error instanceof Error ? error.message : String(error)
    return new SessionFault('08006', `the connection was lost: ${why}`, error)
  }
}

function noAnswer(afterMs: number | null): SessionFault {
  return new SessionFault('08006', `the database did not answer within ${afterMs} ms`)
}

function isCallback(value: unknown): value is Answered {
  return typeof value === 'function'
}
