import { describe, expect, test } from 'vitest'
import type { Grant } from '../../src/core/grant.ts'
import { claimNames, grantClaims, typOf } from '../../src/core/grantClaims.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { exportRequest } from '../support/exportRequest.ts'

const grant: Grant = {
  id: 'grt_01kb0000000000000000000000',
  audience: 'https://db.acme.test',
  profile: 'at+jwt',
  issuer: 'https://countersign.test',
  signedWith: 'kid',
  askedWith: 'key_01kb',
  jkt: null,
  issuedAt: '2026-11-24T14:10:05.000Z',
  expiresAt: '2026-11-24T14:12:05.000Z',
  spentBy: 'resource',
  tokenOnly: false,
  redeemed: null,
}
const decided = (user: string, change: object = {}) => ({
  person: `per_${user}`,
  account: `slack:T0ACME:${user}` as const,
  kind: 'approve' as const,
  reason: 'Looks right to me, said in confidence.',
  legs: ['data'],
  via: 'slack',
  typed: ['warehouse.users'],
  seen: `sha256:${'c'.repeat(64)}` as const,
  at: '2026-11-24T14:09:00.000Z',
  ...change,
})
const approved = (given: Partial<ActionRequest> = {}) =>
  exportRequest({
    state: 'approved',
    settledAt: '2026-11-24T14:10:00.123Z',
    decisions: [decided('U0BOB'), decided('U0SAM')],
    ...given,
  })

describe('the claims of a grant', () => {
  test('are these', () => {
    const request = approved()

    expect(grantClaims(request, grant)).toEqual({
      iss: 'https://countersign.test',
      sub: 'approval:env:production:action:db.export',
      aud: 'https://db.acme.test',
      iat: 1_795_529_405,
      nbf: 1_795_529_405,
      exp: 1_795_529_525,
      jti: grant.id,
      txn: request.id,
      client_id: 'agent:billing-agent',
      act: { sub: 'agent:billing-agent', iss: 'https://countersign.test', sub_profile: 'ai_agent' },
      authorization_details: [
        {
          type: 'urn:countersign:action:v1',
          actions: ['db.export'],
          locations: ['warehouse.users'],
          datatypes: ['table'],
          identifier: request.id,
          environment: 'production',
          action_hash: request.digest,
        },
      ],
      approval_id: request.id,
      action_hash: request.digest,
      action_type: 'db.export',
      resource: 'warehouse.users',
      resource_type: 'table',
      environment: 'production',
      approvers: ['slack:T0ACME:U0BOB', 'slack:T0ACME:U0SAM'],
      approved_at: 1_795_529_400,
      policy: request.verdict.policy,
    })
  })

  test('name the key that the agent proved to hold', () => {
    expect(grantClaims(approved(), { ...grant, jkt: 'thumbprint' }).cnf).toEqual({ jkt: 'thumbprint' })
    expect(grantClaims(approved(), grant)).not.toHaveProperty('cnf')
  })

  test('name only whose approval counts', () => {
    const ended = { how: 'withdrawn', reason: null, at: '2026-11-24T14:09:30.000Z' } as const
    const decisions = [decided('U0BOB', { ended }), decided('U0OMAR', { kind: 'deny' }), decided('U0SAM')]

    expect(grantClaims(approved({ decisions }), grant).approvers).toEqual(['slack:T0ACME:U0SAM'])
  })

  test('say that one person let it through alone', () => {
    const brokenGlass = {
      person: 'per_grace',
      account: 'slack:T0ACME:U0GRACE' as const,
      reason: 'INC-42',
      at: '2026-11-24T14:09:00.000Z',
      via: 'slack',
      reviewBy: '2026-11-25T14:09:00.000Z',
      review: null,
    }

    expect(grantClaims(approved({ brokenGlass }), grant)).toMatchObject({
      approvers: ['slack:T0ACME:U0GRACE'],
      break_glass: true,
    })
  })

  test('hold no parameter, no reason, no name of a person, and no list of authorized parties', () => {
    const text = JSON.stringify(grantClaims(approved(), grant))

    for (const kept of ['250000', 'churn', 'confidence', 'per_', 'azp']) expect(text).not.toContain(kept)
  })

  test('are the same after what can happen to an approved request', () => {
    const before = grantClaims(approved(), grant)

    const later = approved({ version: 9, grant, escalations: [], run: null })

    expect(grantClaims(later, { ...grant, redeemed: null })).toEqual(before)
  })
})

test('the header tells the profiles apart', () => {
  expect([typOf({ profile: 'id' }), typOf({ profile: 'at+jwt' })]).toEqual(['JWT', 'at+jwt'])
})

test('discovery names every claim that a token can have, and no other', () => {
  const { cnf, ...unbound } = grantClaims(approved(), { ...grant, jkt: 'thumb' })
  const broken = {
    person: 'per_sam',
    account: 'slack:T0ACME:U0SAM',
    reason: 'down',
    at: '',
    via: 'slack',
    reviewBy: '',
    review: null,
  }
  const claims = { ...unbound, cnf, ...grantClaims(approved({ brokenGlass: broken }), grant) }

  expect(Object.keys(claims).sort()).toEqual([...claimNames].sort())
})
