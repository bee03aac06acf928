/**
 * The SQLSTATE of an error that Prisma or pg raised, or null when the server did not answer (a lost connection, a
 * timeout). Prisma keeps the driver's error in `meta.driverAdapterError.cause.originalCode`. An errno of five letters
 * (EPIPE, EROFS) is none: no class of SQLSTATE begins with an E.
 */
export function sqlStateOf(error: unknown): string | null {
  const own = field(error, 'code')
  const original = field(field(field(field(error, 'meta'), 'driverAdapterError'), 'cause'), 'originalCode')
  const state = original ?? field(field(error, 'cause'), 'originalCode') ?? own
  return typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state) && !/^(P\d{4}|E[A-Z]{4})$/.test(state)
    ? state
    : null
}

/**
 * True when the server itself said that the statement failed, so that nothing of it was written. Class 08 is a broken
 * connection and 57P a server going down: there the answer may have been lost after the commit.
 */
export function certainlyFailed(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state !== null && !state.startsWith('08') && !state.startsWith('57P')
}

/** True for a lost race inside the database (serialization failure, deadlock): the same statement may succeed now. */
export function worthRepeating(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('40') ?? false
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
