import { describe, expect, test } from 'vitest'
import {
  anotherAction,
  claimsOf,
  loggedIn,
  offersOf,
  refusedAct,
  taken,
  timeLeft,
} from '../../../src/sandbox/page/agentPanel/acts.ts'

const request = (state: string, more: object = {}) => ({
  id: 'req_1',
  state,
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { table: 'users', rows: 10 },
  environment: 'prod',
  reason: 'Because.',
  ...more,
})

const grant = { token: 'e30.e30.x', endsAtMs: 0 }
const credential = { user: 'cs_0123456789abcdef', password: 'x' }

const offered = (state: string, hasGrant: boolean, more: object = {}, hasCredential = false) => {
  const held = { grant: hasGrant ? grant : null, credential: hasCredential ? credential : null }
  const { next, bad } = offersOf(request(state, more), held)
  return [next, bad].map((offers) => offers.map(({ act }) => act))
}

describe('what the agent is offered', () => {
  test('leads from the yes to the report', () => {
    expect(offered('approved', false)).toEqual([['grant'], []])
    expect(offered('approved', true)).toEqual([['redeem'], ['redeemOther']])
    expect(offered('executing', true, { action: 'deploy.start' })).toEqual([
      ['done', 'failed'],
      ['redeemAgain', 'reportOther'],
    ])
  })

  test('where the sandbox has a target for it, a credential, until the agent has seen that it is gone', () => {
    const next = (state: string, hasCredential: boolean) => offered(state, true, {}, hasCredential)[0]

    expect(next('executing', false)).toEqual(['credential', 'done', 'failed'])
    expect(next('executing', true)).toEqual(['login', 'done', 'failed'])
    expect(next('succeeded', true)).toEqual(['login'])
    expect(offered('executing', true, { environment: 'staging' })[0]).toEqual(['done', 'failed'])
  })

  test('without the token, which only another window has, nothing can be redeemed', () => {
    expect(offered('executing', false)).toEqual([['done', 'failed'], ['reportOther']])
  })

  test.each(['pending', 'denied', 'lapsed', 'revoked', 'succeeded', 'quarantined'])(
    '%s: nothing',
    (state) => {
      expect(offered(state, true)).toEqual([[], []])
    },
  )
})

describe('another action', () => {
  test('is the approved one but for one number, and says which', () => {
    expect(anotherAction(request('approved'))).toEqual({
      action: {
        action: 'db.export',
        resource: { type: 'table', id: 'warehouse.users' },
        params: { table: 'users', rows: 100 },
        environment: 'prod',
      },
      change: 'rows 100 instead of 10',
    })
    expect(anotherAction(request('approved', { params: { rows: 0 } })).action).toMatchObject({
      params: { rows: 1 },
    })
  })

  test('where no parameter is a number, it is about another resource', () => {
    const { action, change } = anotherAction(request('approved', { params: { table: 'users' } }))

    expect(action).toMatchObject({ resource: { type: 'table', id: 'warehouse.users-other' } })
    expect(change).toBe('warehouse.users-other instead of warehouse.users')
  })
})

test('a refusal is told in one sentence, with its code beside it', () => {
  const problem = { status: 409, code: 'grant_spent', title: 'Redeemed before.', detail: '', errors: [] }

  expect(refusedAct('redeemAgain', problem)).toEqual({
    act: 'redeemAgain',
    good: false,
    sentence: 'Redeem twice: refused (HTTP 409). Redeemed before.',
    code: 'grant_spent',
  })
  expect(refusedAct('redeemOther', { ...problem, status: 0 }, 'rows 2 instead of 1').sentence).toBe(
    'Redeem another action, with rows 2 instead of 1: refused. Redeemed before.',
  )
})

test('a report of something else is taken, and not called good', () => {
  expect(taken('reportOther', 'rows 2 instead of 1')).toMatchObject({ good: false, code: '' })
  expect(taken('done')).toMatchObject({ good: true, sentence: 'Reported as done.' })
})

test('a login is told by what it could read, what it could not, and whether the role is there at all', () => {
  const look = {
    entered: true,
    columns: ['id', 'email'],
    rows: [['1', 'ada@example.com']],
    refused: ['phone'],
  }

  expect(loggedIn(look)).toMatchObject({
    sentence: 'Logged in and read id and email of users. The database refused phone.',
    found: { columns: ['id', 'email'] },
  })
  expect(loggedIn({ entered: false, columns: [], rows: [], refused: [] }).sentence).toContain(
    'the role is gone',
  )
})

test('the claims of a token are read as they stand, and anything else has none', () => {
  const claims = { sub: 'approval:env:prod', name: 'Zoë', n: [1] }
  const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

  expect(claimsOf(token)).toEqual(claims)
  expect(['', 'a.b.c', 'e30.WzFd.x'].map(claimsOf)).toEqual([null, null, null])
})

test('the time that is left counts down to nothing', () => {
  expect([118_000, 117_200, 1, 0, -5_000].map((ms) => timeLeft(ms, 0))).toEqual([
    '1:58',
    '1:58',
    '0:01',
    null,
    null,
  ])
})
