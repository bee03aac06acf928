import { StoreFault, type StoreFaultCode } from './fault.ts'
import { sqlStateOf } from './sqlState.ts'

/** What a code means to whoever starts a server, and what fixes it. */
interface Known {
  readonly code: StoreFaultCode
  readonly problem: string
  readonly fix: string
}

const reach =
  'Check host and port in DATABASE_URL and that PostgreSQL runs there; or unset it to use the one that comes with Countersign.'
const room = 'Make room, then start again; nothing that was acknowledged is lost.'
const rights =
  'Let the role own its database (ALTER DATABASE your_database OWNER TO your_role); or, when it is only to serve, run "countersign migrate" with the role that owns the tables in MIGRATE_DATABASE_URL. docs/operations.md has the SQL.'
const restore =
  'Restore the database from a backup of this version; a table or function that was dropped by hand does not come back by itself.'
const certificate =
  'Name the authority that signed it (?sslmode=verify-full&sslrootcert=/path/ca.pem in DATABASE_URL), or correct the host name. On a network where nobody else can answer, sslmode=no-verify accepts any certificate.'

const known = (code: StoreFaultCode, problem: string, fix: string): Known => ({ code, problem, fix })

const full = known('disk_full', 'The disk of the database is full.', room)
const away = known('unreachable', 'The database could not be reached.', reach)
const notYet = known(
  'unreachable',
  'The database server is starting up or shutting down.',
  'Start Countersign again when PostgreSQL accepts connections; its log says what it waits for.',
)
const changed = known('schema_damaged', 'The database does not hold what this version made in it.', restore)
const damaged = known(
  'database_damaged',
  'The database server cannot read or write its own files.',
  'Read its log; check the disk, and restore a backup if files are damaged.',
)
const badCertificate = known(
  'bad_certificate',
  "The database server's certificate does not verify.",
  certificate,
)
const files = (problem: string): Known =>
  known(
    'not_writable',
    problem,
    'The cause names the file; correct its owner or mode, or choose another place.',
  )

/** By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const states: Readonly<Record<string, Known>> = {
  '28P01': known(
    'auth_failed',
    'The database refused the user name or password.',
    'Correct the user and password in DATABASE_URL; characters such as @ : / in a password have to be percent-encoded.',
  ),
  '28000': known(
    'auth_failed',
    'The database does not let this user in from here.',
    'If the cause says "no encryption", add ?sslmode=verify-full to DATABASE_URL; otherwise add a line for this user, database and address to pg_hba.conf, or let the role log in (ALTER ROLE your_role LOGIN).',
  ),
  '3D000': known(
    'database_missing',
    'The server answers, but it has no database of that name.',
    'Create it (createdb NAME), or correct the name at the end of DATABASE_URL.',
  ),
  '3F000': known(
    'no_schema',
    'There is no schema to put tables in.',
    'Give the role one: ALTER ROLE your_role SET search_path = public',
  ),
  '42501': known('no_rights', 'The database role lacks a right that is needed.', rights),
  '42P01': changed,
  '42703': changed,
  '42883': changed,
  '42704': changed,
  '53100': full,
  '53200': known('too_busy', 'The database server is out of memory.', 'Read its log, and give it more.'),
  '53300': known(
    'too_few_connections',
    'The database has no connection left for us.',
    'Raise max_connections of the server, or the CONNECTION LIMIT of the role or the database; docs/operations.md says how many a replica needs.',
  ),
  '25006': known(
    'read_only',
    'The database can only be read.',
    'Point DATABASE_URL at the primary; or reset default_transaction_read_only of the role or the database.',
  ),
  '57014': known(
    'too_slow',
    'A statement was cancelled before it was done.',
    'If somebody set statement_timeout for the role or the database, reset it: ALTER ROLE your_role RESET statement_timeout',
  ),
  '55P03': known(
    'too_slow',
    'A lock could not be obtained in time.',
    'If somebody set lock_timeout for the role or the database, reset it; see pg_locks for who holds it.',
  ),
  '57P03': notYet,
  '57P01': notYet,
  '57P02': notYet,
  '22P05': known(
    'wrong_encoding',
    'The database cannot hold every character.',
    "Make a database in UTF-8: CREATE DATABASE your_database TEMPLATE template0 ENCODING 'UTF8'",
  ),
  '58030': damaged,
  '58P01': damaged,
  '08P01': known(
    'refused_by_pooler',
    'What answers at DATABASE_URL does not speak the PostgreSQL protocol.',
    'A pooler in between often says so: the cause is its own. Connect to PostgreSQL itself, or to a pooler in session mode.',
  ),
}

/** By class, the first two characters, where the code itself is not known. */
const classes: Readonly<Record<string, Known>> = {
  '08': away,
  '42': changed,
  '53': known(
    'too_busy',
    'The database server lacks what it needs to work.',
    'Read its log, and give it more.',
  ),
  '57': notYet,
  '58': damaged,
  XX: damaged,
}

const unreached = (why: string): Known =>
  known('unreachable', `The database could not be reached: ${why}.`, reach)

/** While a connection to the database is being made, by errno or the code of Node's TLS. Elsewhere they are about others. */
const connecting: Readonly<Record<string, Known>> = {
  ECONNREFUSED: unreached('nothing listens at that address'),
  ENOTFOUND: unreached('that host name is not known'),
  EAI_AGAIN: known(
    'unreachable',
    'The database could not be reached: no name server answers.',
    'Check the network and DNS of this machine.',
  ),
  ECONNRESET: unreached('the connection was cut while it was being made'),
  EPIPE: unreached('the connection was cut while it was being made'),
  ETIMEDOUT: unreached('that address does not answer'),
  EHOSTUNREACH: unreached('no route leads to that address'),
  ENETUNREACH: unreached('no route leads to that address'),
  DEPTH_ZERO_SELF_SIGNED_CERT: badCertificate,
  SELF_SIGNED_CERT_IN_CHAIN: badCertificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: badCertificate,
  UNABLE_TO_GET_ISSUER_CERT: badCertificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: badCertificate,
  CERT_UNTRUSTED: badCertificate,
  CERT_HAS_EXPIRED: badCertificate,
  CERT_NOT_YET_VALID: badCertificate,
  CERT_REVOKED: badCertificate,
  HOSTNAME_MISMATCH: badCertificate,
  ERR_TLS_CERT_ALTNAME_INVALID: badCertificate,
}

/** Of this machine, by errno, wherever it is met. */
const machine: Readonly<Record<string, Known>> = {
  ENOSPC: known('disk_full', 'The disk is full.', room),
  EDQUOT: known('disk_full', 'The quota of this user on the disk is used up.', room),
  EROFS: files('The file system can only be read.'),
  EACCES: files('Access to a file was denied.'),
  EPERM: files('The operating system does not permit it.'),
  ENOENT: files('A file is missing.'),
  EISDIR: files('There is a directory where a file belongs.'),
  ERR_FS_EISDIR: files('There is a directory where a file belongs.'),
  ENOTDIR: files('There is a file where a directory belongs.'),
  EEXIST: files('Something is in the way.'),
  ENOTEMPTY: files('Something is in the way.'),
  EBUSY: files('Something else uses a file.'),
  EIO: known(
    'not_writable',
    'The disk is failing.',
    'Read what the system says about it (dmesg), and replace it.',
  ),
  EMFILE: known('too_busy', 'This process may not open more files.', 'Raise its limit: ulimit -n 4096'),
  ENFILE: known(
    'too_busy',
    'This machine cannot open more files.',
    'Raise fs.file-max, or stop something else.',
  ),
  ENOMEM: known('too_busy', 'This machine is out of memory.', 'Give it more, or stop something else.'),
  EAGAIN: known('too_busy', 'This machine cannot start another process now.', 'Raise the limit: ulimit -u'),
}

const noEncryption = known(
  'no_encryption',
  'DATABASE_URL asks for an encrypted connection, and the server has none.',
  'Turn on ssl in postgresql.conf; or, on a network that is yours alone, use sslmode=disable.',
)

/** The driver gives these no code: its own words are the only sign. */
const words: Readonly<Record<string, Known>> = {
  'The server does not support SSL connections': noEncryption,
  'There was an error establishing an SSL connection': noEncryption,
  'timeout exceeded when trying to connect': unreached('it does not answer'),
  'Connection terminated due to connection timeout': unreached('it does not answer'),
  'timeout expired': unreached('it does not answer'),
  'Query read timeout': unreached('it does not answer'),
  'Connection terminated unexpectedly': away,
  'Connection terminated': away,
}

/**
 * The one place that says what a start met: a fault of the environment with its fix, or what was thrown, unchanged, when it
 * is a refusal already or a bug of ours. The cause stays with it, for the log and for one line on the terminal.
 */
export function startFaultOf(thrown: unknown): unknown {
  return faultOf(thrown, { errnos: machine, words: {} })
}

/** The same for what the store does while it opens, where the network is the way to the database. */
export function databaseFaultOf(thrown: unknown): unknown {
  return faultOf(thrown, { errnos: { ...machine, ...connecting }, words })
}

/** The same while the first connection is made: what is not known there means that nobody could be reached. */
export function connectFaultOf(thrown: unknown): unknown {
  const fault = databaseFaultOf(thrown)
  return fault === thrown && !(thrown instanceof StoreFault)
    ? new StoreFault('unreachable', { ...away, cause: thrown })
    : fault
}

/** What is known besides SQL states. */
interface Tables {
  readonly errnos: Readonly<Record<string, Known>>
  readonly words: Readonly<Record<string, Known>>
}

function faultOf(thrown: unknown, tables: Tables): unknown {
  if (!(thrown instanceof Error) || 'fix' in thrown) return thrown
  const found = knownIn(thrown, tables)
  return found === null ? thrown : new StoreFault(found.code, { ...found, cause: thrown })
}

function knownIn(thrown: Error, tables: Tables): Known | null {
  const state = sqlStateOf(thrown)
  const beneath = thrown.cause instanceof Error ? thrown.cause : null
  // Class 08 only says that a connection broke; what stands beneath it says why.
  if (state?.startsWith('08') && beneath) return knownIn(beneath, tables) ?? states[state] ?? away
  if (state !== null) return states[state] ?? classes[state.slice(0, 2)] ?? unknownState(state)
  const code = codeOf(thrown)
  const found = tables.words[thrown.message] ?? (code === null ? undefined : tables.errnos[code])
  if (found) return found
  if (code !== null && /^P1\d{3}$/.test(code)) return away // Prisma's numbers for a database that is away
  if (code !== null && /^E[A-Z0-9]{2,}$/.test(code)) return unknownErrno(code)
  return beneath && knownIn(beneath, tables)
}

/** Node tells each address it tried; any of them says what was wrong. */
function codeOf(thrown: Error): string | null {
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  const [first] = thrown instanceof AggregateError ? thrown.errors : []
  return first instanceof Error ? codeOf(first) : null
}

function unknownState(state: string): Known {
  return known(
    'refused',
    `The database refused a statement (SQLSTATE ${state}).`,
    'The cause is its own; its log says more: https://www.postgresql.org/docs/current/errcodes-appendix.html',
  )
}

function unknownErrno(code: string): Known {
  return known('refused', `The operating system refused something (${code}).`, 'The cause says what.')
}
