import { describe, expect, test } from 'vitest'
import { StoreFault } from '../../src/store/fault.ts'
import { certainlyFailed, sqlStateOf } from '../../src/store/sqlState.ts'
import { connectFaultOf, databaseFaultOf, startFaultOf } from '../../src/store/startFaults.ts'

const errorWith = (code: string, message = 'said so') => Object.assign(new Error(message), { code })

describe('what the environment did is told with its fix, and the cause stays', () => {
  test.each([
    ['53100', 'disk_full', 'Make room'],
    ['42501', 'no_rights', 'ALTER DATABASE'],
    ['42P01', 'schema_damaged', 'backup'],
    ['42883', 'schema_damaged', 'backup'],
    ['3F000', 'no_schema', 'search_path'],
    ['53300', 'too_few_connections', 'CONNECTION LIMIT'],
    ['25006', 'read_only', 'primary'],
    ['57014', 'too_slow', 'statement_timeout'],
    ['28000', 'auth_failed', 'pg_hba.conf'],
    ['28P01', 'auth_failed', 'DATABASE_URL'],
    ['57P03', 'unreachable', 'accepts connections'],
    ['08P01', 'refused_by_pooler', 'session mode'],
    ['XX001', 'database_damaged', 'backup'],
    ['53400', 'too_busy', 'log'],
    ['ZZ999', 'refused', 'postgresql.org'],
  ])('SQLSTATE %s', (state, code, fix) => {
    const cause = errorWith(state)

    const fault = startFaultOf(cause)

    expect(fault).toBeInstanceOf(StoreFault)
    expect(fault).toMatchObject({ code, cause, fix: expect.stringContaining(fix) })
  })

  test.each([
    ['ENOSPC', 'disk_full'],
    ['EDQUOT', 'disk_full'],
    ['EROFS', 'not_writable'],
    ['EACCES', 'not_writable'],
    ['EMFILE', 'too_busy'],
    ['EISDIR', 'not_writable'],
    ['EUNHEARD', 'refused'],
  ])('errno %s', (errno, code) => {
    expect(startFaultOf(errorWith(errno))).toMatchObject({ code, fix: expect.stringMatching(/\w/) })
  })

  test.each([
    ['ECONNREFUSED', 'unreachable', 'host and port'],
    ['EPIPE', 'unreachable', 'host and port'],
    ['CERT_HAS_EXPIRED', 'bad_certificate', 'sslrootcert'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'bad_certificate', 'host name'],
    ['P1001', 'unreachable', 'host and port'],
  ])('%s on the way to the database', (code, fault, fix) => {
    expect(databaseFaultOf(errorWith(code))).toMatchObject({
      code: fault,
      fix: expect.stringContaining(fix),
    })
  })

  test.each(['timeout expired', 'Query read timeout', 'timeout exceeded when trying to connect'])(
    'the driver’s words where it gives no code: %s',
    (words) => {
      expect(databaseFaultOf(new Error(words))).toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('does not answer'),
      })
      expect(startFaultOf(new Error(words))).toEqual(new Error(words))
    },
  )

  test('a broken connection by what broke it', () => {
    const broken = Object.assign(errorWith('08001'), { cause: errorWith('DEPTH_ZERO_SELF_SIGNED_CERT') })

    expect(connectFaultOf(broken)).toMatchObject({ code: 'bad_certificate' })
    expect(connectFaultOf(errorWith('08001'))).toMatchObject({ code: 'unreachable' })
  })

  test('each of several addresses that refused', () => {
    const refused = errorWith('ECONNREFUSED', 'connect ECONNREFUSED ::1:5432')

    expect(connectFaultOf(new AggregateError([refused, refused]))).toMatchObject({ code: 'unreachable' })
  })

  test('a connection that is refused elsewhere says nothing about the database', () => {
    const fault = startFaultOf(errorWith('ECONNREFUSED'))

    expect(fault).toMatchObject({ code: 'refused' })
    expect(String(fault)).not.toMatch(/database|host and port/)
  })
})

test('control: a refusal stays what it is, and so does a bug', () => {
  const refusal = new StoreFault('in_use', { problem: 'x', fix: 'y' })
  const bug = new TypeError('undefined is not a function')

  for (const tell of [startFaultOf, databaseFaultOf]) {
    expect(tell(refusal)).toBe(refusal)
    expect(tell(bug)).toBe(bug)
  }
})

test.each(['EPIPE', 'EROFS', 'EPERM', 'EBUSY'])(
  '%s is the word of the operating system, not of PostgreSQL: what was sent may have been committed',
  (errno) => {
    expect(sqlStateOf(errorWith(errno))).toBeNull()
    expect(certainlyFailed(errorWith(errno))).toBe(false)
  },
)
