import { type StoreTrouble, StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { certainlyFailed, sqlStateOf } from './sqlState.ts'

/** What each trouble is, for the operator, what helps, and after how many seconds a caller may try again. */
export const troubles = {
  away: {
    says: 'The database does not answer.',
    fix: 'Make sure that PostgreSQL runs and can be reached; we reconnect by ourselves.',
    retryAfterSeconds: 2,
  },
  read_only: {
    says: 'The database takes no writes: it is read-only.',
    fix: 'After a failover, make sure that DATABASE_URL leads to the primary, and that default_transaction_read_only is off.',
    retryAfterSeconds: 2,
  },
  full: {
    says: 'The database server has no disk space or memory left.',
    fix: 'Make room on the disk that holds its data; nothing has to be restarted here.',
    retryAfterSeconds: 30,
  },
  busy: {
    says: 'The database has no connection, lock or time left for us.',
    fix: 'If this persists: raise max_connections (or the limit of our role), and look for what holds locks in pg_stat_activity.',
    retryAfterSeconds: 1,
  },
  refused: {
    says: 'The database refuses us.',
    fix: 'Something was changed there since we started: the password, the rights of our role, its search_path, the secret, or the database itself.',
    retryAfterSeconds: 30,
  },
  replaced: {
    says: 'A newer version of Countersign has taken over the database.',
    fix: 'Nothing is written here any more and this process ends; start the version that the other servers run.',
    retryAfterSeconds: 2,
  },
  behind: {
    says: 'The ledger of this database is older than a checkpoint that left the house, or another.',
    fix: 'Nothing is written. Stop every server, and follow docs/operations.md, "A restored backup".',
    retryAfterSeconds: 60,
  },
  ending: {
    says: 'This process ends, and has closed its connections to the database.',
    fix: 'Nothing: another server, or the next start, takes over.',
    retryAfterSeconds: 2,
  },
} as const satisfies Record<StoreTrouble, { says: string; fix: string; retryAfterSeconds: number }>

/** SQL states, or beginnings of them. What is not here is a bug of ours. */
const byState: Readonly<Record<string, StoreTrouble>> = {
  '08': 'away',
  '0A000': 'busy', // a kept plan that went stale; its session is given up, so the next try works
  '25006': 'read_only',
  '25P': 'busy', // a transaction that was ended for idling
  '26000': 'busy', // a prepared statement that a pooler gave to somebody else
  '28': 'refused',
  '3D000': 'refused',
  '3F000': 'refused', // no such schema: all of ours were there at the start
  '40': 'busy', // lost races, more often than we try again
  '42501': 'refused',
  '42883': 'refused', // no such function
  '42P01': 'refused', // no such table
  '42P05': 'busy', // like 26000
  '53': 'full',
  '53300': 'busy',
  '55P03': 'busy', // a lock that somebody holds
  '57014': 'busy', // a statement that took too long
  '57P': 'away',
  '58': 'full', // the server's own disk or files
  VN001: 'replaced', // ours: countersign_refuse_older
  VN002: 'ending', // ours: a pool that has ended
  VN003: 'refused', // ours: its secret was replaced
  VN004: 'behind', // ours: countersign_refuse_behind
}

/** What has no SQL state: errors of sockets and names, and Prisma's words where it keeps nothing else. */
const byName: Readonly<Record<string, StoreTrouble>> = {
  ECONNREFUSED: 'away',
  ECONNRESET: 'away',
  ECONNABORTED: 'away',
  EPIPE: 'away',
  ETIMEDOUT: 'away',
  EHOSTUNREACH: 'away',
  EHOSTDOWN: 'away',
  ENETUNREACH: 'away',
  ENETDOWN: 'away',
  ENOTFOUND: 'away',
  EAI_AGAIN: 'away',
  DatabaseNotReachable: 'away',
  ConnectionClosed: 'away',
  SocketTimeout: 'away',
  TooManyConnections: 'busy',
  TransactionWriteConflict: 'busy',
  TlsConnectionError: 'refused',
  AuthenticationFailed: 'refused',
  DatabaseAccessDenied: 'refused',
  DatabaseDoesNotExist: 'refused',
  P1000: 'refused',
  P1001: 'away',
  P1002: 'away',
  P1003: 'refused',
  P1008: 'away',
  P1010: 'refused',
  P1011: 'refused',
  P1017: 'away',
  P2024: 'busy',
  P2034: 'busy',
  P2037: 'busy',
}

/** Before any of these a byte of ours has left. */
const neverSent: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'DatabaseNotReachable',
]

/** The one place that tells the database's troubles from our own bugs: null for a bug. */
export function unavailableIn(error: unknown): StoreUnavailable | null {
  if (error instanceof StoreUnavailable) return error
  const state = sqlStateOf(error)
  if (state !== null) {
    const reason = byState[state] ?? byState[state.slice(0, 3)] ?? byState[state.slice(0, 2)]
    return reason ? unavailable(reason, error, { word: state, unknown: !certainlyFailed(error) }) : null
  }
  const word = wordsOf(error).find((one) => byName[one] !== undefined)
  const reason = word === undefined ? undefined : byName[word]
  if (word === undefined || reason === undefined) return null
  return unavailable(reason, error, { word, unknown: !neverSent.includes(word) })
}

function unavailable(
  reason: StoreTrouble,
  cause: unknown,
  { word, unknown }: { readonly word: string; readonly unknown: boolean },
): StoreUnavailable {
  const { says, retryAfterSeconds } = troubles[reason]
  return new StoreUnavailable({ reason, message: `${says} (${word})`, unknown, retryAfterSeconds, cause })
}

/** The words by which an error without SQL state says what it is, the most exact first. */
function wordsOf(error: unknown): readonly string[] {
  const adapted = field(field(field(error, 'meta'), 'driverAdapterError'), 'cause')
  const words = [field(adapted, 'kind'), field(field(error, 'cause'), 'kind'), field(error, 'code')]
  // Where a name has several addresses, each has failed in its own way.
  const errors = field(error, 'errors')
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  return [...words, field(first, 'code')].filter((word) => typeof word === 'string')
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
