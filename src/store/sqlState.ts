/**
 * The SQLSTATE of an error that Prisma or pg raised, or null when the server did not answer (a lost connection, a
 * timeout). Prisma keeps the driver's error in `meta.driverAdapterError.cause.originalCode`. An errno of five letters
 * (EPIPE, EROFS) is none: no class of SQLSTATE begins with an E.
 */
export function sqlStateOf(error: unknown): string | null {
  const own = field(error, 'code')
  const original = field(field(field(field(error, 'meta'), 'driverAdapterError'), 'cause'), 'originalCode')
  const state = original ?? field(field(error, 'cause'), 'originalCode') ?? own
  return typeof state === 'string' && isState(state) ? state : null
}

/** Every state has a digit, unlike EPIPE; Prisma's own codes (P1001, P2002) look like one, PL/pgSQL's (P0001) are some. */
function isState(code: string): boolean {
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !/^P[1-9]\d{3}$/.test(code)
}

/** Broken connections and servers going down, where nothing was ever sent: no connection, or not accepted yet. */
const neverSent: readonly (string | null)[] = ['08001', '08004', '57P03', 'VN002', 'VN003']

/**
 * True when the server itself said that the statement failed, or never heard of it, so that nothing of it was written.
 * Class 08 is a broken connection and 57P a server going down: there the answer may have been lost after the commit.
 */
export function certainlyFailed(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state === null || neverSent.includes(state)) return state !== null
  return !state.startsWith('08') && !state.startsWith('57P')
}

/** States that say something about the session only: the same statement may succeed on another one. */
const ofTheSession: readonly (string | null)[] = ['0A000', '25006', '26000', '42P05']

/** True when nothing was written and another session may do better: read-only since a failover, a plan that went stale. */
export function worthAnotherSession(error: unknown): boolean {
  return ofTheSession.includes(sqlStateOf(error))
}

/** True for a lost race inside the database (serialization failure, deadlock): the same statement may succeed now. */
export function worthRepeating(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('40') ?? false
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
