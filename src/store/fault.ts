/** Why the store could not be opened. Codes are stable; the message says what is wrong, `fix` what to do about it. */
export type StoreFaultCode =
  | 'unreachable'
  | 'auth_failed'
  | 'database_missing'
  | 'server_too_old'
  | 'shared_sessions'
  | 'before_baseline'
  | 'newer_database'
  | 'newer_functions'
  | 'functions_edited'
  | 'migration_failed'
  | 'migration_edited'
  | 'sandbox_database'
  | 'production_database'
  | 'other_secret'
  | 'unsupported_platform'
  | 'binaries_broken'
  | 'not_writable'
  | 'no_account'
  | 'in_use'
  | 'start_failed'
  | 'bundle_unreadable'
  | 'no_rights'
  | 'one_role'
  | 'two_databases'
  | 'no_schema'
  | 'wrong_encoding'
  | 'too_few_connections'
  | 'read_only'
  | 'disk_full'
  | 'schema_damaged'
  | 'database_damaged'
  | 'bad_certificate'
  | 'no_encryption'
  | 'too_busy'
  | 'too_slow'
  | 'refused_by_pooler'
  | 'refused'
  | 'files_damaged'
  | 'secret_damaged'

/** A start-up refusal of the store. It never holds a password or a whole connection URL; `cause` is what was met. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault'
  readonly code: StoreFaultCode
  /** One sentence: the command or edit that fixes it. */
  readonly fix: string

  constructor(
    code: StoreFaultCode,
    says: { readonly problem: string; readonly fix: string; readonly cause?: unknown },
  ) {
    super(says.problem, says.cause === undefined ? undefined : { cause: says.cause })
    this.code = code
    this.fix = says.fix
  }
}
