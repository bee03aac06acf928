import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { unavailableIn } from '../../src/store/unavailable.ts'
import { SessionFault } from '../../src/store/watchedSession.ts'

/** As the driver says it. */
const said = (code: string) => Object.assign(new Error('the server says no'), { code, severity: 'ERROR' })
/** As Prisma hands on what the driver said. */
const adapted = (code: string, cause: object) =>
  Object.assign(new Error('invocation'), { code, meta: { driverAdapterError: { cause } } })
const inPrisma = (originalCode: string) => adapted('P2010', { kind: 'postgres', originalCode })
/** As sockets say it. */
const socket = (code: string) => Object.assign(new Error(code), { code, syscall: 'connect', errno: -1 })

const ofTheDatabase = [
  // [state, reason, whether a commit may have taken effect]
  ['08000', 'away', true],
  ['08001', 'away', false],
  ['08003', 'away', true],
  ['08004', 'away', false],
  ['08006', 'away', true],
  ['08P01', 'away', true],
  ['0A000', 'busy', false],
  ['25006', 'read_only', false],
  ['25P02', 'busy', false],
  ['25P03', 'busy', false],
  ['26000', 'busy', false],
  ['28000', 'refused', false],
  ['28P01', 'refused', false],
  ['3D000', 'refused', false],
  ['40001', 'busy', false],
  ['40P01', 'busy', false],
  ['3F000', 'refused', false],
  ['42501', 'refused', false],
  ['42883', 'refused', false],
  ['42P01', 'refused', false],
  ['42P05', 'busy', false],
  ['53000', 'full', false],
  ['53100', 'full', false],
  ['53200', 'full', false],
  ['53300', 'busy', false],
  ['55P03', 'busy', false],
  ['57014', 'busy', false],
  ['57P01', 'away', true],
  ['57P02', 'away', true],
  ['57P03', 'away', false],
  ['57P05', 'away', true],
  ['58030', 'full', false],
  ['VN001', 'replaced', false],
] as const

test.each(ofTheDatabase)('%s is the database: %s', (state, reason, unknown) => {
  for (const error of [said(state), inPrisma(state)]) {
    const fault = unavailableIn(error)
    expect(fault).toBeInstanceOf(StoreUnavailable)
    expect(fault).toMatchObject({ reason, unknown, cause: error })
    expect(fault?.retryAfterSeconds).toBeGreaterThan(0)
    expect(fault?.message).toContain(state)
  }
})

test.each([
  ['ECONNREFUSED', 'away', false],
  ['ENOTFOUND', 'away', false],
  ['EAI_AGAIN', 'away', false],
  ['EHOSTUNREACH', 'away', false],
  ['ENETUNREACH', 'away', false],
  ['ETIMEDOUT', 'away', true],
  ['ECONNRESET', 'away', true],
  ['EPIPE', 'away', true],
])('%s of a socket is the database: %s', (code, reason, unknown) => {
  expect(unavailableIn(socket(code))).toMatchObject({ reason, unknown })
  // A name with several addresses: each has failed in its own way.
  expect(unavailableIn(new AggregateError([socket(code)]))).toMatchObject({ reason, unknown })
})

test.each([
  ['P1000', 'AuthenticationFailed', 'refused'],
  ['P1001', 'DatabaseNotReachable', 'away'],
  ['P1003', 'DatabaseDoesNotExist', 'refused'],
  ['P1008', 'SocketTimeout', 'away'],
  ['P1010', 'DatabaseAccessDenied', 'refused'],
  ['P1011', 'TlsConnectionError', 'refused'],
  ['P1017', 'ConnectionClosed', 'away'],
  ['P2034', 'TransactionWriteConflict', 'busy'],
  ['P2037', 'TooManyConnections', 'busy'],
])('%s of Prisma, and %s of its adapter, is the database: %s', (code, kind, reason) => {
  expect(unavailableIn(Object.assign(new Error('x'), { code }))).toMatchObject({ reason })
  expect(unavailableIn(adapted('P2010', { kind }))).toMatchObject({ reason })
})

test.each([
  ['08001', 'away', false],
  ['08006', 'away', true],
  ['53300', 'busy', false],
] as const)('a session of ours that is no good (%s) is the database: %s', (code, reason, unknown) => {
  expect(unavailableIn(new SessionFault(code, 'no good'))).toMatchObject({ reason, unknown })
})

test.each(['22P05', '23505', '23514', '42601', '42703', 'P0001', 'XX000'])(
  'control: %s is a bug of ours',
  (state) => {
    expect(unavailableIn(said(state))).toBeNull()
    expect(unavailableIn(inPrisma(state))).toBeNull()
  },
)

test.each([
  new Error('anything'),
  new TypeError('circular'),
  socket('ENOENT'),
  adapted('P2002', { kind: 'UniqueConstraintViolation' }),
  'text',
  null,
  undefined,
])('control: %s is a bug of ours', (error) => {
  expect(unavailableIn(error)).toBeNull()
})

test('what was sorted once stays as it is', () => {
  const fault = unavailableIn(said('53100'))

  expect(unavailableIn(fault)).toBe(fault)
})
