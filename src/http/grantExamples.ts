import type { Examples } from './route.ts'

const grant = 'grt_01kaxyz0000000000000000000'
const request = 'req_01kaxyz0000000000000000000'
const audience = 'https://db.acme.com'
const digest = 'sha256:6c1f0e0000000000000000000000000000000000000000000000000000000000'

/** Bodies that ask for a grant; most need none. */
export const grantAskExamples = {
  any: { summary: 'For the audience that the policy has', value: {} },
  named: { summary: 'For one of several', value: { audience } },
} as const satisfies Examples

export const grantExamples = {
  bearer: {
    summary: 'For whoever has the token',
    value: {
      id: grant,
      request,
      token: 'eyJhbGciOi…',
      token_type: 'Bearer',
      audience,
      issued_at: '2026-11-25T10:02:00.000Z',
      expires_at: '2026-11-25T10:04:00.000Z',
      expires_in: 120,
      spent_by: 'resource',
    },
  },
} as const satisfies Examples

/** Bodies that redeem. */
export const redemptionExamples = {
  digest: { summary: 'By the digest', value: { token: 'eyJhbGciOi…', attempt: 'run-8841-1', digest } },
  action: {
    summary: 'By the action',
    value: {
      token: 'eyJhbGciOi…',
      attempt: 'run-8841-1',
      action: {
        action: 'deploy.start',
        resource: { type: 'service', id: 'web' },
        params: { version: '41' },
        environment: 'prod',
      },
    },
  },
} as const satisfies Examples

export const redeemedExamples = {
  redeemed: {
    summary: 'Redeemed',
    value: {
      id: grant,
      request,
      audience,
      digest,
      attempt: 'run-8841-1',
      redeemed_by: 'agent',
      redeemed_at: '2026-11-25T10:02:03.456Z',
    },
  },
} as const satisfies Examples

export const introspectionExamples = {
  active: {
    summary: 'It can be redeemed',
    value: {
      active: true,
      jti: grant,
      iss: 'https://countersign.acme.com',
      aud: audience,
      iat: 1795600920,
      exp: 1795601040,
      token_type: 'Bearer',
      request,
      digest,
    },
  },
  inactive: { summary: 'It gives you nothing', value: { active: false } },
} as const satisfies Examples
