import { nearest } from '../core/nearest.ts'

/** What is wrong with an address of a database, and the edit that fixes it. */
export interface UrlProblem {
  readonly wrong: string
  readonly fix: string
}

/** What stands after the question mark and does something. */
const understood = [
  'host',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  'uselibpqcompat',
  'options',
]

/** Parameters of other programs and drivers, and what is to be done here instead. */
const foreign: Readonly<Record<string, string>> = {
  schema:
    'That is a Prisma convention. Remove it; for tables in a schema of your own: ALTER ROLE your_role IN DATABASE your_database SET search_path = your_schema',
  pgbouncer: 'Remove it, and connect to PostgreSQL itself or to a pooler in session mode.',
  connection_limit: 'Remove it: the number of connections is fixed; see docs/operations.md.',
  pool_timeout: 'Remove it: time limits are built in.',
  connect_timeout: 'Remove it: time limits are built in.',
  socket_timeout: 'Remove it: time limits are built in.',
  statement_timeout: 'Remove it: time limits are built in.',
  query_timeout: 'Remove it: time limits are built in.',
  application_name: 'Remove it: Countersign names its sessions itself, so that it can be found among them.',
  sslaccept: 'Remove it, and use sslmode=verify-full, or sslmode=no-verify for accept_invalid_certs.',
  ssl: 'Use sslmode=verify-full, or sslmode=disable.',
  channel_binding: 'Remove it: sslmode=verify-full proves who the server is.',
  gssencmode: 'Remove it: GSSAPI is not used.',
  target_session_attrs: 'Remove it: a server that cannot write is refused anyway.',
  client_encoding: 'Remove it: it is always UTF-8.',
}

/** `prefer` and `allow` promise nothing: whoever sits between decides. */
const sslModes = ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify']

/**
 * Everything after the question mark that would be ignored, or that the driver would take for a setting of its own. Text
 * only: nothing is connected. Never repeats a value but that of `sslmode`.
 */
export function urlProblems(databaseUrl: string): readonly UrlProblem[] {
  const parameters = new URL(databaseUrl).searchParams
  const unknown = [...new Set(parameters.keys())].filter((name) => !understood.includes(name))
  const problems = unknown.map((name) => ({
    wrong: `has the parameter "${name}", which would do nothing here.`,
    fix: foreign[name] ?? fixOf(name),
  }))
  const mode = parameters.get('sslmode')
  if (mode === null || sslModes.includes(mode)) return problems
  return [
    ...problems,
    {
      wrong: `has sslmode=${mode.slice(0, 20)}, which does not say whether the connection is protected.`,
      fix: 'Use sslmode=verify-full, or sslmode=disable.',
    },
  ]
}

function fixOf(name: string): string {
  const meant = nearest(name, understood)
  if (meant !== null) return `Write ${meant}, or remove it.`
  return `Remove it; these are understood: ${understood.join(', ')}.`
}

/** For the driver: `require` and `verify-ca` mean to it what `verify-full` says, and it warns about them at each start. */
export function plainUrl(databaseUrl: string): string {
  if (/[?&]uselibpqcompat=true\b/.test(databaseUrl)) return databaseUrl
  return databaseUrl.replace(/([?&]sslmode=)(require|verify-ca)(?=&|$)/, '$1verify-full')
}

/** `db.example:5432`, or the socket's directory: for people, without user, password and the rest. */
export function hostOf(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'the address in DATABASE_URL'
  const { host, searchParams } = new URL(databaseUrl)
  return searchParams.get('host') ?? (host || 'localhost')
}
